// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model.onnx;

import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Weights: the shape and the values, last axis fastest. Errors are {@link
 * IllegalArgumentException}s.
 */
public record Tensor(int[] dims, float[] values) {

  static TensorProto floats(String name, float[] values, long... dims) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return named(name, TensorProto.DataType.FLOAT, bytes, dims);
  }

  public static TensorProto integers(String name, long... values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asLongBuffer().put(values);
    return named(name, TensorProto.DataType.INT64, bytes, values.length);
  }

  public static TensorProto halves(String name, float[] values, long... dims) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putShort(Half.of(value));
    }
    return named(name, TensorProto.DataType.FLOAT16, bytes.flip(), dims);
  }

  /** The largest magnitude at each index of an axis, divided by 127. */
  static float[] scales(float[] values, int axis, long... dims) {
    float[] scales = new float[(int) dims[axis]];
    for (int i = 0; i < values.length; i++) {
      int place = place(i, axis, dims);
      scales[place] = Math.max(scales[place], Math.abs(values[i]) / Byte.MAX_VALUE);
    }
    for (int i = 0; i < scales.length; i++) {
      scales[i] = scales[i] == 0 ? 1 : scales[i];
    }
    return scales;
  }

  static TensorProto bytes(String name, float[] values, float[] scales, int axis, long... dims) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length);
    for (int i = 0; i < values.length; i++) {
      bytes.put((byte) Math.round(values[i] / scales[place(i, axis, dims)]));
    }
    return named(name, TensorProto.DataType.INT8, bytes.flip(), dims);
  }

  /** The position along an axis of a flat index. */
  private static int place(int index, int axis, long... dims) {
    long inner = 1;
    for (int i = axis + 1; i < dims.length; i++) {
      inner *= dims[i];
    }
    return (int) (index / inner % dims[axis]);
  }

  private static TensorProto named(
      String name, TensorProto.DataType type, ByteBuffer bytes, long... dims) {
    List<Long> sizes = Arrays.stream(dims).boxed().collect(Collectors.toUnmodifiableList());
    return TensorProto.newBuilder()
        .setName(name)
        .setDataType(type.getNumber())
        .addAllDims(sizes)
        .setRawData(ByteString.copyFrom(bytes))
        .build();
  }

  /** Rejects NaN and infinity: a single one makes every posterior NaN. */
  public Tensor finite(String name) {
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new IllegalArgumentException(
            name + "[" + i + "]=" + values[i] + ", expected a finite number");
      }
    }
    return this;
  }

  /** Checks the shape. */
  public Tensor shaped(String name, int... expected) {
    if (!Arrays.equals(dims, expected)) {
      throw new IllegalArgumentException(
          String.format(
              "%s has shape %s, expected %s",
              name, Arrays.toString(dims), Arrays.toString(expected)));
    }
    return this;
  }

  /**
   * Transposes {@code rows} rows of {@code columns} values, starting at row {@code from}:
   * [columns][rows].
   */
  float[][] columnsAsRows(int from, int rows, int columns) {
    float[][] transposed = new float[columns][rows];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        transposed[c][r] = values[(from + r) * columns + c];
      }
    }
    return transposed;
  }

  /** Splits the values into rows of {@code columns}. */
  public float[][] rows(int columns) {
    float[][] rows = new float[values.length / columns][];
    Arrays.setAll(rows, r -> Arrays.copyOfRange(values, r * columns, (r + 1) * columns));
    return rows;
  }
}
