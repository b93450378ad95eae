// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model.openwakeword;

import ai.onnx.proto.OnnxMl.ModelProto;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.rouse.file.JsonFields;
import io.github.rouse.model.onnx.ImportedNetwork;
import io.github.rouse.model.onnx.ModelFormatException;
import io.github.rouse.model.onnx.OnnxFile;
import io.github.rouse.model.onnx.OnnxReader;
import io.github.rouse.nn.Activation;
import io.github.rouse.nn.Conv1d;
import io.github.rouse.nn.Dense;
import io.github.rouse.nn.Layer;
import io.github.rouse.nn.Network;
import io.github.rouse.nn.Softmax;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * An openWakeWord model: features, a speech embedding every 80 ms, and a head that reads the last
 * ones.
 *
 * <p>openWakeWord fills its ring of features with ones and its ring of embeddings with those of
 * noise. Here ones and their embeddings precede each stream.
 *
 * @param words one for each output of the network
 * @param imported the whole network, from features to posteriors
 */
public record OpenWakeWordImport(List<String> words, ImportedNetwork imported) {
  private static final int LONGEST = 256; // embeddings that a head reads; those published read 34

  /** Whether an ONNX file looks like a head, which needs a backbone. */
  public static boolean isHead(Path file) throws IOException {
    return HeadReader.window(OnnxFile.read(file)) > 0;
  }

  /**
   * Reads a head, and the backbone from a folder.
   *
   * @param given the words, if the file does not name them; empty for those that it names
   * @throws ModelFormatException if a file is of another kind, or damaged
   */
  public static OpenWakeWordImport read(Path head, Path folder, List<String> given)
      throws IOException {
    ModelProto model = OnnxFile.read(head);
    int window = HeadReader.window(model);
    if (window == 0 || window > LONGEST) {
      throw new ModelFormatException(
          head, "", "is not an openWakeWord head: its input is not [1, embeddings, 96]");
    }
    Network embedding = Backbone.read(folder);
    List<Layer> layers = new ArrayList<>();
    float[][] ones = new float[embedding.receptiveField()][embedding.inputs()];
    for (float[] frame : ones) {
      Arrays.fill(frame, 1);
    }
    layers.add(new Conv1d.Lead(Arrays.copyOf(ones, ones.length - Backbone.FIRST_FRAMES)));
    layers.addAll(embedding.layers());
    if (window > 1) {
      float[] before = embedding.forward(ones)[0];
      float[][] embeddings = Collections.nCopies(window - 1, before).toArray(float[][]::new);
      layers.add(new Conv1d.Lead(embeddings));
    }
    List<Layer> classes = HeadReader.read(model, window, head);
    layers.addAll(classes);
    List<String> words = given.isEmpty() ? words(model, head, classes) : given;
    if (classes.get(classes.size() - 1) instanceof Softmax all) {
      layers.add(withoutFirst(all.outputs())); // the first class is "no word"
    } else if (!(classes.get(classes.size() - 1) instanceof Activation)
        && classes.get(classes.size() - 1).outputs() > 1) {
      throw new ModelFormatException(head, "output", "gives no probabilities");
    }
    Network network = new Network(layers);
    if (words.size() != network.outputs()) {
      throw new ModelFormatException(
          head,
          "",
          String.format(
              "detects %d words; name each with --word, not %s", network.outputs(), words));
    }
    return new OpenWakeWordImport(
        words,
        new ImportedNetwork(network, OnnxReader.source(model, head) + ", an openWakeWord head"));
  }

  /** A layer that drops the first value. */
  private static Dense withoutFirst(int values) {
    float[][] rows = new float[values][values - 1];
    for (int i = 1; i < values; i++) {
      rows[i][i - 1] = 1;
    }
    return new Dense(rows, new float[values - 1]);
  }

  /** The words that the output's name lists, or else the one that the file is named after. */
  private static List<String> words(ModelProto model, Path head, List<Layer> classes) {
    String name = model.getGraph().getOutput(0).getName();
    List<String> words = new ArrayList<>();
    if (classes.get(classes.size() - 1) instanceof Softmax all && name.startsWith("{")) {
      JsonObject named = object(name);
      for (int i = 1; i < all.outputs() && named != null; i++) {
        JsonElement word = named.get(Integer.toString(i));
        if (word != null && word.isJsonPrimitive()) {
          words.add(word.getAsString().replace('_', ' ').strip());
        }
      }
      return words;
    }
    return List.of(word(head));
  }

  private static JsonObject object(String json) {
    try {
      return JsonFields.parse(json).getAsJsonObject();
    } catch (IllegalArgumentException | IllegalStateException e) {
      return null;
    }
  }

  /** The word in a file's name: {@code hey_jarvis_v0.1.onnx} detects "hey jarvis". */
  static String word(Path head) {
    String stem = head.getFileName().toString().replaceFirst("(?i)\\.onnx$", "");
    return stem.replaceFirst("(?i)[_-]v?[0-9]+([._][0-9]+)*$", "")
        .replaceAll("[_-]+", " ")
        .strip()
        .toLowerCase(Locale.ROOT);
  }
}
