// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model.onnx;

import ai.onnx.proto.OnnxMl.TensorProto;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reads the tensors of a file, whose sizes are untrusted. */
final class TensorReader {
  private TensorReader() {}

  /** Reads a tensor, checking that it holds the declared number of values. */
  static NdArray read(TensorProto tensor) {
    TensorProto.DataType type = TensorProto.DataType.forNumber(tensor.getDataType());
    if (type == null) {
      type = TensorProto.DataType.UNDEFINED;
    }
    ByteBuffer raw = // sliced: it may alias the bytes of a whole file
        tensor.getRawData().asReadOnlyByteBuffer().slice().order(ByteOrder.LITTLE_ENDIAN);
    boolean listed = !tensor.hasRawData();
    return switch (type) {
      case FLOAT -> {
        int[] dims = dims(tensor, 4, tensor.getFloatDataCount());
        yield listed
            ? NdArray.filled(dims, false, tensor::getFloatData)
            : NdArray.of(dims, raw.asFloatBuffer());
      }
      case DOUBLE ->
          read(
              tensor,
              8,
              tensor.getDoubleDataCount(),
              false,
              i -> listed ? tensor.getDoubleData(i) : raw.getDouble(8 * i));
      case FLOAT16 ->
          read(
              tensor,
              2,
              tensor.getInt32DataCount(),
              false,
              i -> Half.value((short) (listed ? tensor.getInt32Data(i) : raw.getShort(2 * i))));
      case BFLOAT16 -> // the upper half of a float
          read(
              tensor,
              2,
              tensor.getInt32DataCount(),
              false,
              i ->
                  Float.intBitsToFloat(
                      (listed ? tensor.getInt32Data(i) : raw.getShort(2 * i)) << 16));
      case INT64 ->
          read(
              tensor,
              8,
              tensor.getInt64DataCount(),
              true,
              i -> listed ? tensor.getInt64Data(i) : raw.getLong(8 * i));
      case INT32 ->
          read(
              tensor,
              4,
              tensor.getInt32DataCount(),
              true,
              i -> listed ? tensor.getInt32Data(i) : raw.getInt(4 * i));
      case INT8, BOOL -> {
        int[] dims = dims(tensor, 1, tensor.getInt32DataCount());
        yield listed ? NdArray.filled(dims, true, tensor::getInt32Data) : NdArray.of(dims, raw);
      }
      case UINT8 ->
          read(
              tensor,
              1,
              tensor.getInt32DataCount(),
              true,
              i -> listed ? tensor.getInt32Data(i) : raw.get(i) & 0xff);
      default -> throw new IllegalArgumentException("type " + type + " is not supported");
    };
  }

  private static NdArray read(
      TensorProto tensor, int size, int listed, boolean whole, NdArray.Source source) {
    return NdArray.filled(dims(tensor, size, listed), whole, source);
  }

  /** The declared sizes, if the file holds as many values. */
  private static int[] dims(TensorProto tensor, int size, int listed) {
    NdArray.checkAxes(tensor.getDimsCount());
    int bytes = tensor.getRawData().size();
    long present = tensor.hasRawData() ? bytes / size : listed;
    long declared = 1;
    for (long dim : tensor.getDimsList()) {
      // Never overflows: both factors are at most the size of the file.
      declared = dim < 0 || dim > present ? -1 : declared * dim;
      if (declared < 0 || declared > present) {
        break;
      }
    }
    if (declared != present || (tensor.hasRawData() && bytes % size != 0)) {
      throw new IllegalArgumentException(
          "shape " + tensor.getDimsList() + ", but the file has " + present + " values");
    }
    return tensor.getDimsList().stream().mapToInt(Math::toIntExact).toArray();
  }
}
