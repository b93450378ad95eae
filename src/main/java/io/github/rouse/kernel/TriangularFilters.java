// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.kernel;

/**
 * A window and triangular filters. Between two edges, one triangle rises while the previous one
 * falls.
 *
 * @param length of the transform, samples: a power of two, at least 4
 * @param window [at most length]; zeros follow it
 * @param edges first bin at or above each edge, [bands + 2], ascending, at most {@code length / 2}
 * @param rising weights in the rising triangle, [length / 2 + 1]
 * @param falling weights in the falling triangle, [length / 2 + 1]
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record TriangularFilters(
    int length, float[] window, int[] edges, float[] rising, float[] falling) {}
