// SPDX-License-Identifier: Apache-2.0
/**
 * Command-line options that several commands share, such as {@link
 * io.github.rouse.cli.options.ModelOptions} and {@link io.github.rouse.cli.options.AudioPaths}.
 * Uses {@code cli.output} and the rooms below it.
 */
package io.github.rouse.cli.options;
