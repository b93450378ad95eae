// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.HashMap;
import java.util.Map;

/** The constants of a graph: its initializers, and those computed from them. */
public final class Constants {
  private static final long MOST_READ = 1L << 26; // four times the values in a large file
  private static final long MOST_COMPUTED = 2L * NdArray.MOST;

  private final Map<String, TensorProto> initializers = new HashMap<>();
  private final Map<String, NdArray> computed = new HashMap<>();
  private long computedValues;
  private long readValues;

  /** Starts with a graph's initializers. */
  public Constants(GraphProto graph) {
    graph.getInitializerList().forEach(tensor -> initializers.put(tensor.getName(), tensor));
  }

  boolean has(String name) {
    return computed.containsKey(name) || initializers.containsKey(name);
  }

  public NdArray get(String name) {
    NdArray array = computed.get(name);
    if (array == null) {
      array = TensorReader.read(initializers.get(name)); // not kept: most are read once
      readValues += array.length();
      if (readValues > MOST_READ) {
        throw new IllegalArgumentException("reads more than " + MOST_READ + " values of constants");
      }
    }
    return array;
  }

  /** Adds a computed constant. */
  void put(String name, NdArray array) {
    computedValues += array.length();
    if (computedValues > MOST_COMPUTED) {
      throw new IllegalArgumentException(
          "computes constants of more than " + MOST_COMPUTED + " values");
    }
    computed.put(name, array);
  }
}
