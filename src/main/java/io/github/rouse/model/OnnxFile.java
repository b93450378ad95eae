package io.github.rouse.model;

import static java.nio.file.StandardOpenOption.READ;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The bytes of an ONNX file, and of those that lie beside it with weights. */
final class OnnxFile {
  /** Bytes of a file, or of the weights in a compressed one; a wake-word network has a few MiB. */
  static final long LARGEST = 64L << 20;

  private static final int MOST_FIELDS = 100_000; // in all messages; a network has some thousand
  private static final int DEEPEST = 100; // messages in messages, protobuf's own limit

  // Of integers in lists, which take eight in memory; weights are not in such lists.
  private static final long MOST_NUMBERS = 1 << 23;

  private long numbers; // bytes in all lists of integers

  private OnnxFile() {}

  /** Parses a file without trusting it. */
  static ModelProto read(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      throw new ModelFormatException(path, "", "is a folder, expected an ONNX file");
    }
    long size = Files.size(path);
    if (size == 0 || size > LARGEST) {
      String reason = size == 0 ? "is empty" : size + " bytes, expected at most " + LARGEST;
      throw new ModelFormatException(path, "", reason);
    }
    ModelProto model;
    try {
      byte[] bytes = Files.readAllBytes(path);
      CodedInputStream in = CodedInputStream.newInstance(bytes);
      OnnxFile file = new OnnxFile();
      if (file.fields(in, ModelProto.getDescriptor(), DEEPEST) > MOST_FIELDS) {
        throw new ModelFormatException(path, "", "more than " + MOST_FIELDS + " fields");
      }
      if (file.numbers > MOST_NUMBERS) {
        throw new ModelFormatException(
            path, "", "more than " + MOST_NUMBERS + " bytes of packed integers");
      }
      model = ModelProto.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new ModelFormatException(path, "", "not an ONNX file, or cut short", e);
    }
    if (!model.hasGraph() || model.getGraph().getNodeCount() == 0) {
      throw new ModelFormatException(path, "", "not an ONNX model: it has no graph");
    }
    return model.toBuilder().setGraph(inlined(model.getGraph(), path, size)).build();
  }

  /** The graph with the weights that other files hold. */
  private static GraphProto inlined(GraphProto graph, Path path, long size) throws IOException {
    GraphProto.Builder whole = graph.toBuilder();
    long total = size;
    for (TensorProto.Builder tensor : whole.getInitializerBuilderList()) {
      if (tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
        try {
          ByteString bytes = external(tensor, path, LARGEST - total);
          total += bytes.size();
          tensor.clearDataLocation().clearExternalData().setRawData(bytes);
        } catch (IllegalArgumentException e) {
          throw new ModelFormatException(
              path, "weights '" + tensor.getName() + "'", "external data: " + e.getMessage(), e);
        }
      }
    }
    if (pointsOutside(whole.build())) {
      throw new ModelFormatException(path, "", "has external data elsewhere than in its weights");
    }
    return whole.build();
  }

  /** Whether any tensor, wherever it stands, is in another file: runtimes would go and read it. */
  private static boolean pointsOutside(Message message) {
    if (message instanceof TensorProto tensor
        && (tensor.getDataLocation() != TensorProto.DataLocation.DEFAULT
            || tensor.getExternalDataCount() > 0)) {
      return true;
    }
    for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
      if (field.getKey().getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        List<?> values =
            field.getValue() instanceof List<?> list ? list : List.of(field.getValue());
        if (values.stream().anyMatch(value -> pointsOutside((Message) value))) {
          return true;
        }
      }
    }
    return false;
  }

  /** What a tensor says is in another file: one in the same folder, so that none else is read. */
  private static ByteString external(TensorProto.Builder tensor, Path path, long most)
      throws IOException {
    Map<String, String> where = new HashMap<>();
    tensor.getExternalDataList().forEach(e -> where.put(e.getKey(), e.getValue()));
    String location = where.getOrDefault("location", "");
    Path folder = path.toAbsolutePath().getParent();
    Path file = folder.resolve(location);
    if (location.isEmpty() || !Path.of(location).normalize().equals(file.getFileName())) {
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
            location + ": has " + channel.size() + " bytes, told " + length + " at " + offset);
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
   * Counts fields before any becomes an object: an empty message has two bytes in a file, but a
   * hundred in memory. Stops counting above the limit.
   */
  private int fields(CodedInputStream in, Descriptor type, int depth) throws IOException {
    int count = 0;
    while (count <= MOST_FIELDS) {
      int tag = in.readTag();
      if (tag == 0) {
        break;
      }
      count++;
      int wire = WireFormat.getTagWireType(tag);
      FieldDescriptor field = type.findFieldByNumber(WireFormat.getTagFieldNumber(tag));
      if (depth == 0
          || wire == WireFormat.WIRETYPE_START_GROUP
          || wire == WireFormat.WIRETYPE_END_GROUP) {
        throw new InvalidProtocolBufferException("nested too deeply, or in groups");
      }
      if (wire == WireFormat.WIRETYPE_LENGTH_DELIMITED
          && field != null
          && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        int outer = in.pushLimit(in.readRawVarint32());
        count += fields(in, field.getMessageType(), depth - 1);
        in.popLimit(outer);
      } else {
        int before = in.getTotalBytesRead();
        in.skipField(tag);
        if (field != null
            && field.isPackable()
            && field.getType() != FieldDescriptor.Type.FLOAT
            && field.getType() != FieldDescriptor.Type.DOUBLE) {
          numbers += in.getTotalBytesRead() - before;
        }
      }
    }
    return count;
  }
}
