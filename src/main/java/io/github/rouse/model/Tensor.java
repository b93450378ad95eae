package io.github.rouse.model;

import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/**
 * Weights as a file holds them: sizes of the axes and the numbers, last axis fastest. The sizes a
 * file declares are checked against the bytes it really has before anything is allocated; what is
 * wrong is an {@link IllegalArgumentException}.
 */
record Tensor(int[] dims, float[] values) {

  static Tensor floats(TensorProto tensor) {
    check(tensor, TensorProto.DataType.FLOAT);
    int count = count(tensor, Float.BYTES, tensor.getFloatDataCount());
    float[] values = new float[count];
    if (tensor.hasRawData()) {
      littleEndian(tensor).asFloatBuffer().get(values);
    } else {
      for (int i = 0; i < count; i++) {
        values[i] = tensor.getFloatData(i);
      }
    }
    int[] dims = tensor.getDimsList().stream().mapToInt(Math::toIntExact).toArray();
    return new Tensor(dims, values).finite("'" + tensor.getName() + "'");
  }

  static long[] integers(TensorProto tensor) {
    check(tensor, TensorProto.DataType.INT64);
    long[] values = new long[count(tensor, Long.BYTES, tensor.getInt64DataCount())];
    if (tensor.hasRawData()) {
      littleEndian(tensor).asLongBuffer().get(values);
    } else {
      Arrays.setAll(values, tensor::getInt64Data);
    }
    return values;
  }

  private static void check(TensorProto tensor, TensorProto.DataType type) {
    if (tensor.getDataType() != type.getNumber()) {
      TensorProto.DataType actual = TensorProto.DataType.forNumber(tensor.getDataType());
      throw new IllegalArgumentException("type " + actual + ", expected " + type);
    }
    if (tensor.getExternalDataCount() > 0
        || tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
      throw new IllegalArgumentException("stored in another file, expected in this one");
    }
  }

  /** How many numbers there are, if as many are declared. */
  private static int count(TensorProto tensor, int size, int listed) {
    int bytes = tensor.getRawData().size();
    long present = tensor.hasRawData() ? bytes / size : listed;
    long declared = 1;
    for (long dim : tensor.getDimsList()) {
      // Never overflows: both factors are at most the size of the file.
      declared = dim < 1 || dim > present ? -1 : declared * dim;
      if (declared < 0 || declared > present) {
        break;
      }
    }
    if (declared != present || bytes % size != 0) {
      throw new IllegalArgumentException(
          "shape " + tensor.getDimsList() + ", but the file has " + present + " values");
    }
    return (int) present;
  }

  private static ByteBuffer littleEndian(TensorProto tensor) {
    return tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  static TensorProto floats(String name, float[] values, long... dims) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return named(name, TensorProto.DataType.FLOAT, bytes, dims);
  }

  static TensorProto integers(String name, long... values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asLongBuffer().put(values);
    return named(name, TensorProto.DataType.INT64, bytes, values.length);
  }

  static TensorProto halves(String name, float[] values, long... dims) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putShort(Half.of(value));
    }
    return named(name, TensorProto.DataType.FLOAT16, bytes.flip(), dims);
  }

  /** The largest magnitude at each place of an axis, over 127. */
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

  /** Where on an axis the value of an index lies. */
  private static int place(int index, int axis, long... dims) {
    long inner = 1;
    for (int i = axis + 1; i < dims.length; i++) {
      inner *= dims[i];
    }
    return (int) (index / inner % dims[axis]);
  }

  /** What 16-bit floats a tensor holds, as a tensor of 32-bit floats. */
  static TensorProto widened(TensorProto tensor, String name) {
    check(tensor, TensorProto.DataType.FLOAT16);
    float[] values = new float[count(tensor, Short.BYTES, tensor.getInt32DataCount())];
    ByteBuffer raw = littleEndian(tensor);
    for (int i = 0; i < values.length; i++) {
      int bits = tensor.hasRawData() ? raw.getShort() : tensor.getInt32Data(i);
      values[i] = Half.value((short) bits);
    }
    return floats(name, values, dims(tensor));
  }

  /** What 8-bit integers times their scales are, as a tensor of 32-bit floats. */
  static TensorProto dequantized(TensorProto tensor, Tensor scales, long axis, String name) {
    check(tensor, TensorProto.DataType.INT8);
    float[] values = new float[count(tensor, 1, tensor.getInt32DataCount())];
    long[] dims = dims(tensor);
    int along = (int) (axis < 0 ? axis + dims.length : axis);
    boolean one = scales.values.length == 1;
    if (!one && (along < 0 || along >= dims.length || scales.values.length != dims[along])) {
      throw new IllegalArgumentException(
          scales.values.length + " scales for axis " + axis + " of " + tensor.getDimsList());
    }
    for (int i = 0; i < values.length; i++) {
      int value = tensor.hasRawData() ? tensor.getRawData().byteAt(i) : tensor.getInt32Data(i);
      values[i] = value * scales.values[one ? 0 : place(i, along, dims)];
    }
    return floats(name, values, dims);
  }

  private static long[] dims(TensorProto tensor) {
    return tensor.getDimsList().stream().mapToLong(Long::longValue).toArray();
  }

  private static TensorProto named(
      String name, TensorProto.DataType type, ByteBuffer bytes, long... dims) {
    List<Long> sizes = Arrays.stream(dims).boxed().toList();
    return TensorProto.newBuilder()
        .setName(name)
        .setDataType(type.getNumber())
        .addAllDims(sizes)
        .setRawData(ByteString.copyFrom(bytes))
        .build();
  }

  /** Refuses NaN and infinity: one of them makes every posterior NaN. */
  Tensor finite(String name) {
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new IllegalArgumentException(
            name + "[" + i + "]=" + values[i] + ", expected a finite number");
      }
    }
    return this;
  }

  /** Checks the sizes of the axes. */
  Tensor shaped(String name, int... expected) {
    if (!Arrays.equals(dims, expected)) {
      throw new IllegalArgumentException(
          String.format(
              "%s has shape %s, expected %s",
              name, Arrays.toString(dims), Arrays.toString(expected)));
    }
    return this;
  }

  /** Rows {@code from} onwards of {@code columns} values each, turned: [columns][rows]. */
  float[][] columnsAsRows(int from, int rows, int columns) {
    float[][] turned = new float[columns][rows];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        turned[c][r] = values[(from + r) * columns + c];
      }
    }
    return turned;
  }

  /** All values as rows of {@code columns}. */
  float[][] rows(int columns) {
    float[][] rows = new float[values.length / columns][];
    Arrays.setAll(rows, r -> Arrays.copyOfRange(values, r * columns, (r + 1) * columns));
    return rows;
  }
}
