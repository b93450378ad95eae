// SPDX-License-Identifier: Apache-2.0
/**
 * The commands that guide people: {@code doctor} checks a machine, {@code new} sets up a listener
 * for a new word. Uses {@code cli.models}, {@code serve.web} for the words that its page keeps,
 * {@code serve.wyoming} for its port, and the rooms below them.
 *
 * <p>This package is internal and may change in any release.
 */
package io.github.rouse.cli.guide;
