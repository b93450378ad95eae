// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model;

import ai.onnx.proto.OnnxMl.ModelProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.github.rouse.model.foreign.ForeignGraphTest;
import io.github.rouse.model.onnx.ModelFormatException;
import io.github.rouse.model.onnx.OnnxReader;
import io.github.rouse.model.onnx.WeightType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Reads damaged ONNX files: {@code src/test/scripts/fuzz CPU-MINUTES}. Any exception other than
 * {@link ModelFormatException} is a defect; the file that caused it is kept.
 */
public final class ReaderFuzzer {
  private static final long[] ODD = {
    0,
    -1,
    1,
    2,
    3,
    127,
    255,
    65_536,
    Integer.MAX_VALUE,
    1L << 32,
    1L << 40,
    Long.MIN_VALUE,
    Long.MAX_VALUE
  };

  private static final double MOST_SECONDS = 20; // hundreds of times longer than any file takes

  private final List<byte[]> originals;
  private final Random random;
  private final Path file;
  private int accepted;

  /**
   * Prepares to damage and read files.
   *
   * @param file where damaged files are written
   */
  public ReaderFuzzer(List<byte[]> originals, long seed, Path file) {
    this.originals = originals;
    this.random = new Random(seed);
    this.file = file;
  }

  /** Damages and reads one file; counts those that are still accepted. */
  public void next() throws IOException {
    byte[] damaged = damaged(originals.get(random.nextInt(originals.size())));
    Files.write(file, damaged);
    long start = System.nanoTime();
    try {
      WakeModel.read(file);
      accepted++;
    } catch (ModelFormatException e) {
      checkMessage(e);
    }
    try {
      OnnxReader.read(file);
      accepted++;
    } catch (ModelFormatException e) {
      checkMessage(e);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    if (seconds > MOST_SECONDS) {
      throw new IllegalStateException(seconds + " s for one file");
    }
  }

  public int accepted() {
    return accepted;
  }

  private static void checkMessage(ModelFormatException e) {
    if (e.getMessage().lines().count() != 1 || e.getMessage().length() > 1000) {
      throw new IllegalStateException("not one line", e);
    }
  }

  private byte[] damaged(byte[] original) {
    if (random.nextBoolean()) {
      try {
        Message.Builder model = ModelProto.parseFrom(original).toBuilder();
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
          change(model);
        }
        return model.build().toByteArray();
      } catch (InvalidProtocolBufferException e) {
        throw new IllegalStateException(e);
      }
    }
    byte[] bytes = original.clone();
    for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
      int at = place(bytes);
      switch (random.nextInt(5)) {
        case 0 -> bytes = Arrays.copyOf(bytes, at + 1);
        case 1 -> bytes = joined(bytes, at, random.nextInt(100), bytes); // repeats or drops a piece
        case 2 -> {
          byte[] other = originals.get(random.nextInt(originals.size()));
          bytes = joined(bytes, at, 0, other);
        }
        default ->
            bytes[at] = (byte) (random.nextBoolean() ? random.nextInt() : 1 << random.nextInt(8));
      }
    }
    return bytes;
  }

  /** Picks a position, mostly outside the weights, near the start or end. */
  private int place(byte[] bytes) {
    int all = bytes.length;
    int near = Math.min(all, 4000);
    return switch (random.nextInt(3)) {
      case 0 -> random.nextInt(near);
      case 1 -> all - 1 - random.nextInt(near);
      default -> random.nextInt(all);
    };
  }

  private byte[] joined(byte[] head, int at, int skipped, byte[] tail) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(head, 0, at);
    int from =
        Math.min(tail.length - 1, random.nextBoolean() ? at + skipped : Math.max(0, at - skipped));
    out.write(tail, from, tail.length - from);
    return out.toByteArray();
  }

  /**
   * Changes one thing in a message: a number, a name, or an element that is removed, added or
   * moved.
   */
  private void change(Message.Builder message) {
    List<FieldDescriptor> set = new ArrayList<>(message.getAllFields().keySet());
    if (set.isEmpty()) {
      return;
    }
    FieldDescriptor field = set.get(random.nextInt(set.size()));
    boolean nested = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
    if (field.isRepeated()) {
      int count = message.getRepeatedFieldCount(field);
      int index = random.nextInt(count);
      int action = random.nextInt(nested ? 12 : 4);
      if (random.nextInt(50) == 0) {
        message.clearField(field);
      } else if (action == 0) {
        message.addRepeatedField(field, message.getRepeatedField(field, random.nextInt(count)));
      } else if (action == 1) {
        List<Object> kept = new ArrayList<>();
        for (int i = 0; i < count; i++) {
          if (i != index) {
            kept.add(message.getRepeatedField(field, i));
          }
        }
        message.setField(field, kept);
      } else if (action == 2) {
        message.setRepeatedField(
            field, index, message.getRepeatedField(field, random.nextInt(count)));
      } else if (nested) {
        Message.Builder inner = ((Message) message.getRepeatedField(field, index)).toBuilder();
        change(inner);
        message.setRepeatedField(field, index, inner.build());
      } else {
        message.setRepeatedField(field, index, odd(field, message.getRepeatedField(field, index)));
      }
    } else if (random.nextInt(nested ? 12 : 5) == 0) {
      message.clearField(field);
    } else if (nested) {
      Message.Builder inner = ((Message) message.getField(field)).toBuilder();
      change(inner);
      message.setField(field, inner.build());
    } else {
      message.setField(field, odd(field, message.getField(field)));
    }
  }

  private Object odd(FieldDescriptor field, Object value) {
    long odd = ODD[random.nextInt(ODD.length)];
    return switch (field.getJavaType()) {
      case INT -> (int) odd;
      case LONG -> odd;
      case FLOAT -> Float.intBitsToFloat(random.nextInt());
      case DOUBLE -> Double.longBitsToDouble(random.nextLong());
      case BOOLEAN -> random.nextBoolean();
      case STRING ->
          random.nextBoolean() ? "" : value + "\n\u2028" + "x".repeat(random.nextInt(2000));
      case BYTE_STRING -> {
        ByteString bytes = (ByteString) value;
        yield bytes.substring(0, random.nextInt(bytes.size() + 1));
      }
      case ENUM ->
          field
              .getEnumType()
              .getValues()
              .get(random.nextInt(field.getEnumType().getValues().size()));
      case MESSAGE -> value;
    };
  }

  /** Fuzzes the files in {@code models} and the graphs of {@link ForeignGraphTest}. */
  public static void main(String[] args) throws Exception {
    double minutes = Double.parseDouble(args[0]);
    Path file = Path.of("target", "fuzzed.onnx");
    long seed = args.length > 1 ? Long.parseLong(args[1]) : System.nanoTime();
    ReaderFuzzer fuzzer = new ReaderFuzzer(originals(file), seed, file);
    ThreadMXBean thread = ManagementFactory.getThreadMXBean();
    long count = 0;
    System.out.println("seed " + seed + ", " + Runtime.getRuntime().maxMemory() / 1e6 + " MB heap");
    try {
      for (; thread.getCurrentThreadCpuTime() < minutes * 60e9; count++) {
        fuzzer.next();
        if (count % 20_000 == 19_999) {
          System.out.println(count + 1 + " files, " + fuzzer.accepted() + " reads went well");
        }
      }
    } catch (Throwable e) {
      System.out.println("file " + count + " is kept as " + file);
      throw e;
    }
    System.out.println(
        count
            + " files, "
            + fuzzer.accepted()
            + " reads went well, nothing else than ModelFormatException");
    Files.delete(file);
  }

  static List<byte[]> originals(Path scratch) throws IOException {
    List<byte[]> originals = new ArrayList<>(ForeignGraphTest.files());
    for (String word : List.of("jarvis", "multi/words")) {
      WakeModel model = WakeModel.read(Path.of("models", word + ".onnx"));
      originals.add(Files.readAllBytes(Path.of("models", word + ".onnx")));
      for (WeightType type : WeightType.values()) {
        model.write(scratch, type);
        originals.add(Files.readAllBytes(scratch));
        model.export(scratch, type, true, true);
        originals.add(Files.readAllBytes(scratch));
      }
    }
    return originals;
  }
}
