package io.github.rouse.model.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.HashMap;
import java.util.Map;

/** The constants of a graph: those it holds, and those that nodes make of them. */
public final class Constants {
  private static final long MOST_READ = 1L << 26; // a large file has a quarter of it
  private static final long MOST_MADE = 2L * NdArray.MOST;

  private final Map<String, TensorProto> held = new HashMap<>();
  private final Map<String, NdArray> made = new HashMap<>();
  private long madeValues;
  private long readValues;

  /** Those that a graph holds. */
  public Constants(GraphProto graph) {
    graph.getInitializerList().forEach(tensor -> held.put(tensor.getName(), tensor));
  }

  boolean has(String name) {
    return made.containsKey(name) || held.containsKey(name);
  }

  public NdArray get(String name) {
    NdArray array = made.get(name);
    if (array == null) {
      array = NdArray.of(held.get(name)); // not kept: most are read once
      readValues += array.values().length;
      if (readValues > MOST_READ) {
        throw new IllegalArgumentException("reads more than " + MOST_READ + " values of constants");
      }
    }
    return array;
  }

  /** A constant that is no node's, such as a tensor's shape. */
  void put(String name, NdArray array) {
    madeValues += array.values().length;
    if (madeValues > MOST_MADE) {
      throw new IllegalArgumentException("makes constants of more than " + MOST_MADE + " values");
    }
    made.put(name, array);
  }
}
