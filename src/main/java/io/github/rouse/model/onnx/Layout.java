// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model.onnx;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The axes of a tensor in a graph, one letter each: N has size one (the batch, or the only
 * direction of a recurrent layer), T is time, D the two directions of a bidirectional layer, F the
 * bands of a layer in two dimensions, C the values, or those of each direction or band. Unsupported
 * changes throw {@link IllegalArgumentException}.
 */
record Layout(String axes, int bands) {
  private static final int MOST_AXES = 8; // networks have up to four

  /** Checks the number of axes, which bounds the work. */
  Layout {
    if (axes.length() > MOST_AXES) {
      throw new IllegalArgumentException(axes.length() + " axes, expected at most " + MOST_AXES);
    }
  }

  Layout(String axes) {
    this(axes, 1);
  }

  /** The layout of features and posteriors. */
  static final Layout BATCH_TIME_VALUES = new Layout("NTC");

  /** The layout that convolution and batch normalisation read. */
  static final Layout BATCH_VALUES_TIME = new Layout("NCT");

  /** The layout that layers in two dimensions read. */
  static final Layout BATCH_VALUES_TIME_BANDS = new Layout("NCTF");

  /** The layout that recurrent layers read. */
  static final Layout TIME_BATCH_VALUES = new Layout("TNC");

  // A record's generated equals loads classes that nothing else needs.
  @Override
  public boolean equals(Object other) {
    return other instanceof Layout layout && layout.axes.equals(axes);
  }

  @Override
  public int hashCode() {
    return axes.hashCode();
  }

  boolean endsInValues() {
    return axes.endsWith("C") && !isSplit();
  }

  /** Whether the values of a step lie on two axes. */
  boolean isSplit() {
    return axes.indexOf('D') >= 0 || axes.indexOf('F') >= 0;
  }

  /**
   * The permutation from this layout to {@code to}; both must have the same letters, none repeated.
   */
  long[] permutationTo(Layout to) {
    return to.axes.chars().mapToLong(axes::indexOf).toArray();
  }

  /**
   * The shape as a constant; NaN stands for the number of frames.
   *
   * @param values per step, over all directions or bands
   */
  NdArray shape(int values) {
    int each =
        axes.indexOf('D') >= 0 ? values / 2 : axes.indexOf('F') >= 0 ? values / bands : values;
    double[] sizes =
        axes.chars()
            .mapToDouble(
                axis ->
                    switch (axis) {
                      case 'N' -> 1;
                      case 'T' -> Double.NaN;
                      case 'D' -> 2;
                      case 'F' -> bands;
                      default -> each;
                    })
            .toArray();
    return NdArray.vector(sizes, true);
  }

  /**
   * Transposes the axes.
   *
   * @param permutation empty to reverse the axes
   */
  Layout transposed(long[] permutation) {
    if (permutation.length == 0) {
      return new Layout(new StringBuilder(axes).reverse().toString(), bands);
    }
    boolean[] seen = new boolean[axes.length()];
    StringBuilder result = new StringBuilder();
    for (long p : permutation) {
      int axis = axis(p);
      if (seen[axis]) {
        throw new IllegalArgumentException("perm=" + Arrays.toString(permutation));
      }
      seen[axis] = true;
      result.append(axes.charAt(axis));
    }
    if (result.length() != axes.length()) {
      throw new IllegalArgumentException("perm=" + Arrays.toString(permutation));
    }
    return new Layout(result.toString(), bands);
  }

  /** The indices of all axes of size one. */
  long[] ones(int values) {
    return IntStream.range(0, axes.length())
        .filter(i -> axes.charAt(i) == 'N' || (axes.charAt(i) == 'C' && values == 1))
        .asLongStream()
        .toArray();
  }

  /**
   * Removes axes.
   *
   * @param values per step; if there is only one, its axis may be removed too
   */
  Layout squeezed(long[] removed, int values) {
    StringBuilder result = new StringBuilder(axes);
    for (long r : removed) {
      int axis = axis(r);
      if (axes.charAt(axis) != 'N' && !(axes.charAt(axis) == 'C' && values == 1)) {
        throw new IllegalArgumentException("squeezes axis " + r + " of " + this);
      }
      result.setCharAt(axis, ' ');
    }
    return new Layout(result.toString().replace(" ", ""), bands);
  }

  Layout unsqueezed(long[] added) {
    int rank = axes.length() + added.length;
    if (rank > MOST_AXES) {
      throw new IllegalArgumentException(rank + " axes, expected at most " + MOST_AXES);
    }
    char[] result = new char[rank];
    for (long a : added) {
      long axis = a < 0 ? a + rank : a;
      if (axis < 0 || axis >= rank || result[(int) axis] != 0) {
        throw new IllegalArgumentException("axes=" + Arrays.toString(added));
      }
      result[(int) axis] = 'N';
    }
    int next = 0;
    for (int i = 0; i < rank; i++) {
      result[i] = result[i] == 0 ? axes.charAt(next++) : result[i];
    }
    return new Layout(new String(result), bands);
  }

  /**
   * The layout after a Reshape that only adds or removes axes of size one, or merges the directions
   * into the values.
   *
   * @param shape the target: 0 keeps the axis at that index, -1 takes the rest, {@link
   *     NdArray#FRAMES} is time
   * @param values per step, over all directions
   */
  Layout reshaped(long[] shape, int values) {
    if (axes.equals("NTC") && shape.length == 4 && shape[2] > 1 && shape[3] > 1) {
      return inBands(shape, values);
    } else if (axes.equals("NTFC") && Arrays.equals(shape, new long[] {0, 0, -1})) {
      return BATCH_TIME_VALUES;
    }
    String wanted = Arrays.toString(shape).replace("" + NdArray.FRAMES, "frames");
    StringBuilder result = new StringBuilder();
    for (int i = 0; i < shape.length; i++) {
      char kept = i < axes.length() ? axes.charAt(i) : '?';
      if (shape[i] == 0 ? kept == 'N' : shape[i] == 1 && (values > 1 || kept == 'N')) {
        result.append('N');
      } else if (shape[i] == 0 && (kept == 'T' || kept == 'C')) {
        result.append(kept);
      } else if (shape[i] == NdArray.FRAMES) {
        result.append('T');
      } else if (shape[i] == -1) {
        result.append('?'); // inferred from the others
      } else if (shape[i] == values) {
        result.append('C');
      } else if (shape[i] > 1) {
        result.append('T'); // a clip of fixed length
      } else {
        throw new IllegalArgumentException("shape=" + wanted + " from " + this);
      }
    }
    String before = axes.replace("N", "").replace("DC", "C");
    String found = result.toString();
    found = found.replace('?', found.indexOf('T') < 0 ? 'T' : found.indexOf('C') < 0 ? 'C' : 'N');
    if (!found.replace("N", "").equals(before)) {
      throw new IllegalArgumentException("shape=" + wanted + " from " + this);
    }
    return new Layout(found);
  }

  /** Splits the values into bands: [0, 0, bands, values of each]. */
  private static Layout inBands(long[] shape, int values) {
    if (shape[0] != 0 || shape[1] != 0 || shape[2] > values || shape[2] * shape[3] != values) {
      throw new IllegalArgumentException(
          "shape=" + Arrays.toString(shape) + " from " + BATCH_TIME_VALUES);
    }
    return new Layout("NTFC", (int) shape[2]);
  }

  /** The same axes with another number of bands. */
  Layout of(int otherBands) {
    return new Layout(axes, otherBands);
  }

  int axis(long axis) {
    long positive = axis < 0 ? axis + axes.length() : axis;
    if (positive < 0 || positive >= axes.length()) {
      throw new IllegalArgumentException("axis=" + axis + " of " + this);
    }
    return (int) positive;
  }

  @Override
  public String toString() {
    return axes.chars()
        .mapToObj(
            c ->
                switch (c) {
                  case 'N' -> "1";
                  case 'T' -> "time";
                  case 'D' -> "directions";
                  case 'F' -> "bands";
                  default -> "values";
                })
        .collect(Collectors.joining(", ", "[", "]"));
  }
}
