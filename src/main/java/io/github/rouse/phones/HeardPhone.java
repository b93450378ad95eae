// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.phones;

/**
 * A phone that was heard.
 *
 * @param phone its name, such as {@code AH}
 * @param start of the first step that names it, seconds
 * @param end of the last such step, seconds
 * @param probability at its clearest step, 0 to 1
 */
public record HeardPhone(String phone, double start, double end, float probability) {}
