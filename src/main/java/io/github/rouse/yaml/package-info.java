// SPDX-License-Identifier: Apache-2.0
/**
 * Reads YAML files into records, with file and line in every error: {@link
 * io.github.rouse.yaml.YamlFile}. Uses no other room.
 *
 * <p>This package is internal and may change in any release.
 */
package io.github.rouse.yaml;
