// SPDX-License-Identifier: Apache-2.0
/**
 * The commands that lead people: {@code doctor}, which checks a machine, and {@code new}, from a
 * word to its listener. Uses {@code cli.models}, {@code serve.web} for the words that its page
 * keeps, and the rooms below them.
 *
 * <p>This package is internal and may change in any release.
 */
package io.github.rouse.cli.guide;
