// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model.onnx;

import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Writes the tensors of a file. */
public final class TensorWriter {
  private TensorWriter() {}

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
}
