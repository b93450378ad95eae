// SPDX-License-Identifier: Apache-2.0
/**
 * Command-line options that several commands share, such as {@link
 * io.github.rouse.cli.options.ModelOptions} and {@link io.github.rouse.cli.options.AudioPaths}.
 * Uses {@code cli.output} and the rooms below it.
 *
 * <p>This package is internal and may change in any release.
 */
package io.github.rouse.cli.options;
