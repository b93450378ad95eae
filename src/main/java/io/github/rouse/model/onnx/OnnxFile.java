// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model.onnx;

import static java.nio.file.StandardOpenOption.READ;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.HashMap;
import java.util.Map;

/** Parses an ONNX file and its external weight files without trusting them. */
public final class OnnxFile {
  /**
   * The most bytes in a file, or in the weights of a compressed one; a wake-word network has a few
   * MiB.
   */
  public static final long LARGEST = 64L << 20;

  private static final int MOST_FIELDS = 100_000; // in all messages; a network has a few thousand
  private static final int DEEPEST = 100; // nested messages; protobuf's own limit

  // Bytes of integer lists, which grow eightfold in memory; weights are stored otherwise.
  private static final long MOST_NUMBERS = 1 << 23;

  private static final int PIECE = 1 << 16; // bytes

  private long numbers; // bytes in all lists of integers
  private int externalTensors; // tensors anywhere whose values are in another file

  private OnnxFile() {}

  /** Parses a file. */
  public static ModelProto read(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      throw new ModelFormatException(path, "", "is a folder, expected an ONNX file");
    }
    long size = Files.size(path);
    if (size == 0 || size > LARGEST) {
      String reason = size == 0 ? "is empty" : size + " bytes, expected at most " + LARGEST;
      throw new ModelFormatException(path, "", reason);
    }
    OnnxFile file = new OnnxFile();
    ModelProto model = file.parsed(bytes(path, (int) size), path);
    return file.externalTensors == 0
        ? model
        : model.toBuilder().setGraph(file.inlined(model.getGraph(), path, size)).build();
  }

  /**
   * Parses the rest of a stream, which is not closed.
   *
   * @param name for messages
   */
  public static ModelProto read(InputStream in, Path name) throws IOException {
    byte[] bytes = in.readNBytes((int) LARGEST + 1);
    if (bytes.length > LARGEST) {
      throw new ModelFormatException(name, "", "more than " + LARGEST + " bytes");
    }
    OnnxFile file = new OnnxFile();
    ModelProto model = file.parsed(bytes, name);
    if (file.externalTensors > 0) {
      throw new ModelFormatException(name, "", "has external data, which only a file can have");
    }
    return model;
  }

  private ModelProto parsed(byte[] bytes, Path path) throws IOException {
    ModelProto model;
    try {
      if (fields(CodedInputStream.newInstance(bytes), OnnxMessage.MODEL, DEEPEST) > MOST_FIELDS) {
        throw new ModelFormatException(path, "", "more than " + MOST_FIELDS + " fields");
      }
      if (numbers > MOST_NUMBERS) {
        throw new ModelFormatException(
            path, "", "more than " + MOST_NUMBERS + " bytes of packed integers");
      }
      CodedInputStream in = UnsafeByteOperations.unsafeWrap(bytes).newCodedInput();
      in.enableAliasing(true); // do not copy weights
      model = ModelProto.parseFrom(in);
    } catch (InvalidProtocolBufferException e) {
      throw new ModelFormatException(path, "", "not an ONNX file, or cut short", e);
    }
    if (!model.hasGraph() || model.getGraph().getNodeCount() == 0) {
      throw new ModelFormatException(path, "", "not an ONNX model: it has no graph");
    }
    return model;
  }

  /** Reads in pieces: Java keeps an off-heap buffer as large as the largest read. */
  private static byte[] bytes(Path path, int size) throws IOException {
    byte[] bytes = new byte[size];
    int at = 0;
    try (InputStream in = Files.newInputStream(path)) {
      while (at < size) {
        int read = in.read(bytes, at, Math.min(size - at, PIECE));
        if (read < 0) {
          throw new ModelFormatException(path, "", "shrank while being read");
        }
        at += read;
      }
    }
    return bytes;
  }

  /** Copies external weights into the graph. */
  private GraphProto inlined(GraphProto graph, Path path, long size) throws IOException {
    GraphProto.Builder whole = graph.toBuilder();
    long total = size;
    for (TensorProto.Builder tensor : whole.getInitializerBuilderList()) {
      if (tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
        try {
          ByteString bytes = external(tensor, path, LARGEST - total);
          total += bytes.size();
          externalTensors--;
          tensor.clearDataLocation().clearExternalData().setRawData(bytes);
        } catch (IllegalArgumentException e) {
          throw new ModelFormatException(
              path, "weights '" + tensor.getName() + "'", "external data: " + e.getMessage(), e);
        }
      }
    }
    if (externalTensors > 0) { // runtimes would read it
      throw new ModelFormatException(path, "", "has external data outside the initializers");
    }
    return whole.build();
  }

  /** Reads a tensor's external data; only files in the model's folder are allowed. */
  private static ByteString external(TensorProto.Builder tensor, Path path, long most)
      throws IOException {
    Map<String, String> where = new HashMap<>();
    tensor.getExternalDataList().forEach(e -> where.put(e.getKey(), e.getValue()));
    String location = where.getOrDefault("location", "");
    Path folder = path.toAbsolutePath().getParent();
    Path file = folder.resolve(location);
    if (location.isEmpty() || !Paths.get(location).normalize().equals(file.getFileName())) {
      throw new IllegalArgumentException(
          "location=" + location + ", expected a file in the model's folder");
    }
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new IllegalArgumentException(location + ": no such file beside the model");
    }
    try (SeekableByteChannel channel =
        Files.newByteChannel(file, READ, LinkOption.NOFOLLOW_LINKS)) {
      long offset = Long.parseLong(where.getOrDefault("offset", "0"));
      long length = Long.parseLong(where.getOrDefault("length", "" + (channel.size() - offset)));
      if (offset < 0 || length < 0 || length > channel.size() || offset > channel.size() - length) {
        throw new IllegalArgumentException(
            location
                + ": has "
                + channel.size()
                + " bytes, but the model reads "
                + length
                + " at "
                + offset);
      }
      if (length > most) {
        throw new IllegalArgumentException("more than " + LARGEST + " bytes in all");
      }
      ByteBuffer bytes = ByteBuffer.allocate((int) length);
      channel.position(offset);
      while (bytes.hasRemaining()) {
        if (channel.read(bytes) < 0) {
          throw new IllegalArgumentException(location + ": cut short");
        }
      }
      return ByteString.copyFrom(bytes.flip());
    }
  }

  /**
   * Counts fields before parsing, up to the limit: an empty message takes two bytes in a file but a
   * hundred in memory.
   */
  private int fields(CodedInputStream in, OnnxMessage message, int depth) throws IOException {
    int count = 0;
    boolean external = false; // whether this tensor's values are in another file
    while (count <= MOST_FIELDS) {
      int tag = in.readTag();
      if (tag == 0) {
        break;
      }
      count++;
      int wire = WireFormat.getTagWireType(tag);
      int field = WireFormat.getTagFieldNumber(tag);
      if (depth == 0
          || wire == WireFormat.WIRETYPE_START_GROUP
          || wire == WireFormat.WIRETYPE_END_GROUP) {
        throw new InvalidProtocolBufferException("nested too deeply, or in groups");
      }
      external |= message == OnnxMessage.TENSOR && field == TensorProto.EXTERNAL_DATA_FIELD_NUMBER;
      OnnxMessage inner = message.at(field);
      if (wire == WireFormat.WIRETYPE_LENGTH_DELIMITED && inner != null) {
        int outer = in.pushLimit(in.readRawVarint32());
        count += fields(in, inner, depth - 1);
        in.popLimit(outer);
      } else if (wire == WireFormat.WIRETYPE_VARINT
          && message == OnnxMessage.TENSOR
          && field == TensorProto.DATA_LOCATION_FIELD_NUMBER) {
        external |= in.readRawVarint64() != TensorProto.DataLocation.DEFAULT_VALUE;
      } else {
        int before = in.getTotalBytesRead();
        in.skipField(tag);
        if (message.integersAt(field)) {
          numbers += in.getTotalBytesRead() - before;
        }
      }
    }
    if (external) {
      externalTensors++;
    }
    return count;
  }
}
