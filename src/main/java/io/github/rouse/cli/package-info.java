// SPDX-License-Identifier: Apache-2.0
/**
 * The command line: {@link io.github.rouse.cli.Main} runs one class per command. Only this room and
 * its two sub-rooms print and choose exit codes. Uses {@code audio.ffmpeg}, {@code cli.options},
 * {@code enrol}, {@code model.keras} and the rooms below them.
 *
 * <p>This package is internal and may change in any release.
 */
package io.github.rouse.cli;
