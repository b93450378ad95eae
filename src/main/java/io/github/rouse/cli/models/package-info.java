// SPDX-License-Identifier: Apache-2.0
/**
 * The commands that make, measure and convert models, from {@code record} to {@code export}. Uses
 * {@code audio.ffmpeg}, {@code cli.options}, {@code enrol}, {@code model.keras}, the trainers and
 * the rooms below them.
 *
 * <p>This package is internal and may change in any release.
 */
package io.github.rouse.cli.models;
