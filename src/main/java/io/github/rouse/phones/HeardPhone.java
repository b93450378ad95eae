// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.phones;

/**
 * A phone that was heard.
 *
 * @param phone its name, such as {@code AH}
 * @param start of the first step that names it, seconds; from a beam search, of the step in which
 *     it most likely began
 * @param end of the last such step, seconds; from a beam search, of the same step
 * @param probability at its clearest step, 0 to 1; from a beam search, at that step
 */
public record HeardPhone(String phone, double start, double end, float probability) {}
