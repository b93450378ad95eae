// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model.keras;

import io.github.rouse.model.onnx.OnnxFile;
import io.github.rouse.model.onnx.Tensor;
import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The datasets of one layer in a Keras HDF5 file. Errors are {@link IllegalArgumentException}s.
 *
 * <p>Keras 2 and {@code .h5} files have names such as {@code kernel:0}, at any depth under a group
 * of the layer's name, in the root or in {@code model_weights}. The weights of a {@code .keras}
 * file are numbered, in groups named after the layers' kinds.
 *
 * @param order names of the numbered datasets; empty if they have names
 */
record KerasWeights(String place, List<Dataset> datasets, List<String> order) {
  private static final int DEEPEST = 8; // nested groups

  static KerasWeights of(HdfFile file, String layer) {
    Node weights = file.getChild("model_weights");
    return of(weights instanceof Group group ? group : file, layer, List.of());
  }

  /**
   * The weights of a layer in a {@code .keras} file.
   *
   * @param group the layer's, such as {@code gru_1}
   * @param order the names of its variables, as the layer creates them
   */
  static KerasWeights numbered(HdfFile file, String group, List<String> order) {
    Node weights = file.getChild("layers");
    return of(weights instanceof Group layers ? layers : file, group, order);
  }

  private static KerasWeights of(Group root, String layer, List<String> order) {
    List<Dataset> datasets = new ArrayList<>();
    if (root.getChild(layer) instanceof Group group) {
      collect(group, datasets, new HashSet<>(), DEEPEST);
    }
    datasets.removeIf(dataset -> dataset.getPath().contains("/seed_generator/")); // for dropout
    return new KerasWeights(layer, datasets, order);
  }

  private static void collect(Group group, List<Dataset> datasets, Set<Long> seen, int depth) {
    if (!seen.add(group.getAddress())) {
      return; // links can form cycles
    }
    for (Node node : group) {
      if (node instanceof Dataset dataset) {
        datasets.add(dataset);
      } else if (node instanceof Group inner && depth > 0) {
        collect(inner, datasets, seen, depth - 1);
      }
    }
  }

  /**
   * Selects one half of a {@code Bidirectional}, such as the datasets under {@code forward_...}.
   */
  KerasWeights half(String prefix) {
    return new KerasWeights(
        place + "/" + prefix + "...",
        datasets.stream().filter(d -> d.getPath().contains("/" + prefix)).toList(),
        order);
  }

  /** Reads the floats called {@code name}, which must have this shape. */
  Tensor get(String name, int... dims) {
    String stored = order.isEmpty() ? name : String.valueOf(order.indexOf(name));
    List<Dataset> found =
        datasets.stream().filter(d -> d.getName().split(":", 2)[0].equals(stored)).toList();
    if (found.size() != 1) {
      throw new IllegalArgumentException(
          found.size() + " datasets " + place + "/" + name + ", expected 1");
    }
    Dataset dataset = found.get(0);
    // Check the shape before reading: a file may declare more than fits in memory.
    new Tensor(dataset.getDimensions(), new float[0]).shaped(dataset.getPath(), dims);
    if (dataset.getJavaType() != float.class || dataset.getSizeInBytes() > OnnxFile.LARGEST) {
      throw new IllegalArgumentException(
          String.format(
              "%s holds %d bytes of %s, expected float and at most %d",
              dataset.getPath(),
              dataset.getSizeInBytes(),
              dataset.getJavaType(),
              OnnxFile.LARGEST));
    }
    return new Tensor(dims, (float[]) dataset.getDataFlat()).finite(dataset.getPath());
  }
}
