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
