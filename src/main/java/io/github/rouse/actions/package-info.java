// SPDX-License-Identifier: Apache-2.0
/**
 * Actions on an event: {@link io.github.rouse.actions.EventActions} runs a command, calls a
 * webhook, plays a chime and saves the sound, for each word as {@link
 * io.github.rouse.actions.Config} has it. Uses {@code audio.capture}, {@code library}, {@code
 * model} and {@code yaml}. Its messages go to whoever made it; it prints nothing.
 *
 * <p>This package is internal and may change in any release.
 */
package io.github.rouse.actions;
