// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model.onnx;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleBinaryOperator;

/**
 * A constant of a graph, with numbers of any type. Among whole numbers, NaN stands for the number
 * of frames, which graphs use but files do not fix. Mismatches throw {@link
 * IllegalArgumentException}.
 */
public final class NdArray {
  /** The most numbers in one constant; a wake-word network has a few hundred thousand. */
  static final int MOST = 1 << 22;

  /** Stands for the number of frames in a computed shape. */
  static final long FRAMES = Long.MIN_VALUE;

  private static final int MOST_AXES = 8; // networks have up to four

  private final int[] dims; // sizes of the axes
  private final float[] floats; // last axis fastest; null if the numbers need doubles
  private double[] values; // the same; null until asked for
  private final boolean whole; // whether the type is an integer type

  NdArray(int[] dims, double[] values, boolean whole) {
    this(dims, null, values, whole);
  }

  private NdArray(int[] dims, float[] floats, double[] values, boolean whole) {
    checkAxes(dims.length); // bounds the work
    this.dims = dims;
    this.floats = floats;
    this.values = values;
    this.whole = whole;
  }

  /** Sizes of the axes. */
  public int[] dims() {
    return dims;
  }

  /** The numbers, last axis fastest. */
  public double[] values() {
    if (values == null) {
      values = new double[floats.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = floats[i];
      }
    }
    return values;
  }

  /** How many numbers there are. */
  int length() {
    return floats != null ? floats.length : values.length;
  }

  /** Whether the type is an integer type. */
  boolean whole() {
    return whole;
  }

  static void checkAxes(int count) {
    if (count > MOST_AXES) {
      throw new IllegalArgumentException(count + " axes, expected at most " + MOST_AXES);
    }
  }

  static NdArray scalar(double value, boolean whole) {
    return new NdArray(new int[0], new double[] {value}, whole);
  }

  static NdArray vector(double[] values, boolean whole) {
    return new NdArray(new int[] {values.length}, values, whole);
  }

  /** Copies floats. */
  static NdArray of(int[] dims, FloatBuffer buffer) {
    float[] floats = new float[count(dims)];
    buffer.get(floats);
    return new NdArray(dims, floats, null, false);
  }

  /** Copies whole numbers. */
  static NdArray of(int[] dims, ByteBuffer buffer) {
    byte[] bytes = new byte[count(dims)];
    buffer.get(bytes);
    float[] floats = new float[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      floats[i] = bytes[i];
    }
    return new NdArray(dims, floats, null, true);
  }

  /** Gives the number at an index. */
  interface Source {
    double at(int index);
  }

  /** Fills an array of limited size from a function of the index. */
  static NdArray filled(int[] dims, boolean whole, Source source) {
    double[] values = new double[count(dims)];
    for (int i = 0; i < values.length; i++) {
      values[i] = source.at(i);
    }
    return new NdArray(dims, values, whole);
  }

  private static int count(int[] dims) {
    long count = 1;
    for (int dim : dims) {
      if (dim < 0) {
        throw new IllegalArgumentException("shape " + Arrays.toString(dims));
      }
      count = Math.min(count * dim, Integer.MAX_VALUE);
    }
    if (count > MOST) {
      throw new IllegalArgumentException(
          "shape " + Arrays.toString(dims) + ", expected at most " + MOST + " values");
    }
    return (int) count;
  }

  /**
   * Builds an array of this one's values: a step along new axis i moves {@code strides[i]} values.
   */
  private NdArray strided(int[] newDims, int[] strides) {
    double[] all = values();
    double[] picked = new double[count(newDims)];
    int[] place = new int[newDims.length]; // along each axis
    int from = 0;
    for (int i = 0; i < picked.length; i++) {
      picked[i] = all[from];
      for (int axis = place.length - 1; axis >= 0; axis--) {
        from += strides[axis];
        if (++place[axis] < newDims[axis]) {
          break;
        }
        from -= newDims[axis] * strides[axis];
        place[axis] = 0;
      }
    }
    return new NdArray(newDims, picked, whole);
  }

  /** The number of values at one position of an axis. */
  static int inner(int[] dims, int axis) {
    int inner = 1;
    for (int i = axis + 1; i < dims.length; i++) {
      inner *= dims[i];
    }
    return inner;
  }

  NdArray shape() {
    return vector(Arrays.stream(dims).asDoubleStream().toArray(), true);
  }

  int axis(long axis) {
    return axis(axis, dims.length);
  }

  private static int axis(long axis, int rank) {
    long positive = axis < 0 ? axis + rank : axis;
    if (positive < 0 || positive >= rank) {
      throw new IllegalArgumentException("axis=" + axis + " of " + rank);
    }
    return (int) positive;
  }

  NdArray transposed(long[] permutation) {
    int rank = dims.length;
    if (permutation.length > 0 && permutation.length != rank) {
      throw new IllegalArgumentException("perm=" + Arrays.toString(permutation));
    }
    int[] axes = new int[rank];
    boolean[] seen = new boolean[rank];
    for (int i = 0; i < rank; i++) {
      axes[i] = axis(permutation.length > 0 ? permutation[i] : -1 - i);
      if (seen[axes[i]]) {
        throw new IllegalArgumentException("perm=" + Arrays.toString(permutation));
      }
      seen[axes[i]] = true;
    }
    int[] newDims = new int[rank];
    int[] strides = new int[rank];
    for (int i = 0; i < rank; i++) {
      newDims[i] = dims[axes[i]];
      strides[i] = inner(dims, axes[i]);
    }
    return strided(newDims, strides);
  }

  /** Reshapes like ONNX: 0 keeps the size at that index, -1 takes the rest. */
  NdArray reshaped(long[] shape) {
    checkAxes(shape.length);
    int[] sizes = new int[shape.length];
    long known = 1;
    int inferred = -1;
    for (int i = 0; i < shape.length; i++) {
      if (shape[i] == -1 && inferred < 0) {
        inferred = i;
      } else {
        long size = shape[i] == 0 && i < dims.length ? dims[i] : shape[i];
        if (size < 1 || size > length()) {
          throw new IllegalArgumentException("shape=" + Arrays.toString(shape));
        }
        sizes[i] = (int) size;
        known = Math.min(known * size, Integer.MAX_VALUE);
      }
    }
    if (inferred >= 0) {
      sizes[inferred] = (int) (length() / known);
    }
    if (count(sizes) != length()) {
      throw new IllegalArgumentException(
          "shape=" + Arrays.toString(shape) + " of " + Arrays.toString(dims));
    }
    return new NdArray(sizes, floats, values, whole);
  }

  NdArray squeezed(long[] axes) {
    boolean[] drop = new boolean[dims.length];
    for (long axis : axes) {
      drop[axis(axis)] = true;
    }
    int[] kept = new int[dims.length];
    int rank = 0;
    for (int i = 0; i < dims.length; i++) {
      if (!(axes.length == 0 ? dims[i] == 1 : drop[i])) {
        kept[rank++] = dims[i];
      } else if (dims[i] != 1) {
        throw new IllegalArgumentException("squeezes an axis of " + dims[i]);
      }
    }
    return new NdArray(Arrays.copyOf(kept, rank), floats, values, whole);
  }

  NdArray unsqueezed(long[] axes) {
    checkAxes(axes.length);
    int[] sizes = new int[dims.length + axes.length];
    for (long axis : axes) {
      sizes[axis(axis, sizes.length)] = 1;
    }
    int next = 0;
    for (int i = 0; i < sizes.length; i++) {
      if (sizes[i] == 0 && next < dims.length) {
        sizes[i] = dims[next++];
      } else if (sizes[i] != 1) {
        throw new IllegalArgumentException("axes=" + Arrays.toString(axes));
      }
    }
    return new NdArray(sizes, floats, values, whole);
  }

  /**
   * Broadcasts to a shape: repeats along axes of size one; an axis of size one in the shape keeps
   * its own size.
   */
  NdArray expanded(int[] shape) {
    int rank = Math.max(shape.length, dims.length);
    int[] sizes = new int[rank];
    int[] strides = new int[rank];
    for (int i = 0; i < rank; i++) {
      int wanted = i < rank - shape.length ? 1 : shape[i - rank + shape.length];
      int axis = i - rank + dims.length;
      int own = axis < 0 ? 1 : dims[axis];
      if (wanted != own && wanted != 1 && own != 1) {
        throw new IllegalArgumentException(
            "shapes " + Arrays.toString(shape) + " and " + Arrays.toString(dims));
      }
      sizes[i] = own == 1 ? wanted : own;
      strides[i] = own == 1 ? 0 : inner(dims, axis);
    }
    return Arrays.equals(sizes, dims) ? this : strided(sizes, strides);
  }

  /** Applies an operator element by element, broadcasting both arrays. */
  NdArray with(NdArray other, boolean wholeResult, DoubleBinaryOperator operator) {
    NdArray a = expanded(other.dims);
    NdArray b = other.expanded(a.dims);
    double[] left = a.values();
    double[] right = b.values();
    return filled(a.dims, wholeResult, i -> operator.applyAsDouble(left[i], right[i]));
  }

  /**
   * Computes {@code (value - zero) * scale} in floats.
   *
   * @param run values that share a zero and a scale; the next run has the next ones
   */
  NdArray dequantized(int run, double[] zeros, double[] scales) {
    float[] result = new float[length()];
    for (int from = 0; from < result.length; from += run) {
      double zero = zeros[from / run % zeros.length];
      float scale = (float) scales[from / run % scales.length];
      for (int i = from; i < from + run; i++) {
        double value = floats != null ? floats[i] : values[i];
        result[i] = (float) (value - zero) * scale;
      }
    }
    return new NdArray(dims, result, null, false);
  }

  /** Gathers positions along an axis; {@code sizes} is the shape of the index array. */
  NdArray gathered(int axis, int[] places, int... sizes) {
    int[] result = new int[dims.length - 1 + sizes.length];
    System.arraycopy(dims, 0, result, 0, axis);
    System.arraycopy(sizes, 0, result, axis, sizes.length);
    System.arraycopy(dims, axis + 1, result, axis + sizes.length, dims.length - axis - 1);
    int inner = inner(dims, axis);
    double[] all = values();
    return filled(
        result,
        whole,
        index -> {
          int outer = index / inner / places.length;
          int place = places[index / inner % places.length];
          return all[(outer * dims[axis] + place) * inner + index % inner];
        });
  }

  /** Slices an axis from {@code from} (inclusive) to {@code to} (exclusive). */
  NdArray part(int axis, int from, int to) {
    int[] places = new int[Math.max(0, to - from)];
    Arrays.setAll(places, i -> from + i);
    return gathered(axis, places, places.length);
  }

  static NdArray concatenated(List<NdArray> parts, long along) {
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("concatenates nothing");
    }
    NdArray first = parts.get(0);
    int axis = first.axis(along);
    int[] sizes = first.dims.clone();
    long size = 0;
    for (NdArray part : parts) {
      if (part.dims.length != sizes.length) {
        throw new IllegalArgumentException("parts of different shapes");
      }
      for (int i = 0; i < sizes.length; i++) {
        if (i != axis && part.dims[i] != sizes[i]) {
          throw new IllegalArgumentException("parts of different shapes");
        }
      }
      size += part.dims[axis];
    }
    sizes[axis] = (int) Math.min(size, Integer.MAX_VALUE);
    double[] all = new double[count(sizes)];
    int inner = inner(sizes, axis);
    int at = 0; // along the axis
    for (NdArray part : parts) {
      int run = part.dims[axis] * inner;
      double[] own = part.values();
      for (int from = 0; from < own.length; from += run) {
        System.arraycopy(own, from, all, from / run * sizes[axis] * inner + at * inner, run);
      }
      at += part.dims[axis];
    }
    return new NdArray(sizes, all, first.whole);
  }

  /** Converts to floats; rejects NaN and infinity. */
  Tensor floats(String name) {
    float[] all = floats;
    if (all == null) {
      all = new float[values.length];
      for (int i = 0; i < all.length; i++) {
        all[i] = (float) values[i];
      }
    }
    return new Tensor(dims, all).finite("'" + name + "'");
  }

  /** Converts to integers; {@link #FRAMES} stands for the number of frames. */
  long[] integers() {
    double[] all = values();
    long[] integers = new long[all.length];
    Arrays.setAll(
        integers, i -> Double.isNaN(all[i]) ? FRAMES : Math.max((long) all[i], -Long.MAX_VALUE));
    return integers;
  }

  /** Converts to sizes of axes; rejects the number of frames. */
  int[] sizes() {
    double[] all = values();
    int[] sizes = new int[all.length];
    for (int i = 0; i < sizes.length; i++) {
      if (!(all[i] >= 0 && all[i] <= MOST)) {
        throw new IllegalArgumentException("size=" + all[i] + ", expected 0 to " + MOST);
      }
      sizes[i] = (int) all[i];
    }
    return sizes;
  }
}
