// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.recipe;

import io.github.rouse.audio.Channel;
import io.github.rouse.feature.FeatureSpec;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * Reads a YAML file's values as records, layers, paths and numbers, and writes them. An error is an
 * {@link UncheckedIOException} that names file, line and reason.
 */
final class YamlFile {
  private static final Map<String, FeatureSpec> FEATURES =
      Map.of(
          "classic", FeatureSpec.CLASSIC,
          "logmel", FeatureSpec.LOG_MEL,
          "pcen", FeatureSpec.PCEN,
          "mfcc", FeatureSpec.MFCC);

  private final Path file;

  private YamlFile(Path file) {
    this.file = file;
  }

  /** Makes a recipe of a file's top-level mapping. */
  @FunctionalInterface
  interface Maker<R> {
    /** May throw an {@link UncheckedIOException}. */
    R make(YamlFile yaml, Node root);
  }

  /**
   * Reads a file.
   *
   * @param warnings receives a line for each earlier key
   * @throws IOException if the file cannot be read or is invalid; the message names file, line and
   *     reason
   */
  static <R> R read(Path file, Consumer<String> warnings, Maker<R> maker) throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException(file + ": is a folder, expected a recipe");
    }
    try (Reader reader = Files.newBufferedReader(file)) {
      Node root = new Yaml(new SafeConstructor(new LoaderOptions())).compose(reader);
      if (root == null) {
        throw new IOException(file + ": is empty");
      }
      YamlFile yaml = new YamlFile(file);
      RenamedKeys.move(root, (key, message) -> warnings.accept(yaml.place(key) + message));
      return maker.make(yaml, root);
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 1;
      throw new IOException(file + ": line " + line + ": " + e.getProblem(), e);
    } catch (YAMLException | CharacterCodingException e) {
      throw new IOException(file + ": is not YAML: " + e.getMessage(), e);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** The features that a recipe names, {@link FeatureSpec#DEFAULT} if it names none. */
  FeatureSpec features(Map<String, Node> top) {
    Node features = top.get("features");
    if (features == null) {
      return FeatureSpec.DEFAULT;
    }
    FeatureSpec spec = FEATURES.get(text(features));
    if (spec == null) {
      throw at(
          features,
          "features: " + text(features) + ", expected one of " + new TreeSet<>(FEATURES.keySet()));
    }
    return spec;
  }

  /** The layers that a recipe lists, or {@code others} if it lists none. */
  List<LayerPlan> layers(Map<String, Node> top, List<LayerPlan> others) {
    return top.containsKey("network") ? items(top.get("network"), this::layer) : others;
  }

  /** The channel of a recipe's recordings. */
  Channel channel(Map<String, Node> top) {
    Node channel = top.get("channel");
    return channel == null ? Channel.AUTO : made(channel, () -> Channel.parse(text(channel)));
  }

  /** The line of a channel; none for the default. */
  static String channel(Channel channel) {
    return channel.equals(Channel.AUTO) ? "" : "channel: " + channel + "\n";
  }

  /** A recipe's seed. */
  long seed(Map<String, Node> top) {
    return top.containsKey("seed")
        ? whole("seed", top.get("seed"), Long.MIN_VALUE, Long.MAX_VALUE)
        : Recipe.DEFAULT_SEED;
  }

  private LayerPlan layer(Node node) {
    if (node instanceof ScalarNode) {
      return switch (text(node)) {
        case "norm" -> new LayerPlan.Norm();
        case "relu" -> new LayerPlan.Relu();
        default -> throw at(node, text(node) + ": unknown layer, or its size is missing");
      };
    }
    Map<String, Node> fields = fields(node);
    if (fields.isEmpty()) {
      throw at(node, "expected a layer");
    }
    String kind = fields.keySet().iterator().next();
    Node value = fields.get(kind);
    if (fields.size() > 1) {
      throw at(node, "expected one layer per line, found " + fields.keySet());
    } else if (kind.equals("conv")) {
      return record(value, LayerPlan.Conv.DEFAULT);
    } else if (kind.equals("dropout")) {
      return made(value, () -> new LayerPlan.Dropout((float) number(value)));
    } else if (LayerPlan.RECURRENT.contains(kind)) {
      return made(value, () -> new LayerPlan.Recurrent(kind, size(kind, value)));
    }
    throw at(node, kind + ": unknown layer");
  }

  /** A copy of {@code defaults} with the fields that the node overrides. */
  <R extends Record> R record(Node node, R defaults) {
    if (node == null) {
      return defaults;
    }
    Map<String, Node> fields = fields(node);
    RecordComponent[] components = defaults.getClass().getRecordComponents();
    Set<String> known = new HashSet<>();
    Object[] values = new Object[components.length];
    Class<?>[] types = new Class<?>[components.length];
    try {
      for (int i = 0; i < components.length; i++) {
        String name = components[i].getName();
        known.add(name);
        types[i] = components[i].getType();
        values[i] = components[i].getAccessor().invoke(defaults);
        if (fields.containsKey(name)) {
          values[i] = value(values[i], name, fields.get(name));
        }
      }
      rejectUnknown(node, known);
      @SuppressWarnings("unchecked")
      R changed = (R) defaults.getClass().getDeclaredConstructor(types).newInstance(values);
      return changed;
    } catch (java.lang.reflect.InvocationTargetException e) {
      throw at(namedIn(fields, node, e.getCause()), e.getCause().getMessage());
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(defaults.getClass().getName(), e);
    }
  }

  /** The node that a {@code name=value, ...} message is about; {@code node} if unknown. */
  static Node namedIn(Map<String, Node> fields, Node node, Throwable problem) {
    return fields.getOrDefault(problem.getMessage().split("[.=]", 2)[0], node);
  }

  /** A value of the default's type; a record takes what the node leaves out from the default. */
  private Object value(Object defaultValue, String name, Node node) {
    if (defaultValue instanceof Record defaults) {
      return record(node, defaults);
    } else if (defaultValue instanceof Enum<?> one) {
      return constant(one.getDeclaringClass().getEnumConstants(), name, node);
    } else if (defaultValue instanceof Integer) {
      return size(name, node);
    }
    double value = number(node);
    return defaultValue instanceof Float ? (Object) (float) value : (Object) value;
  }

  private Object constant(Object[] constants, String name, Node node) {
    for (Object constant : constants) {
      if (text(constant).equals(text(node))) {
        return constant;
      }
    }
    List<String> known = Arrays.stream(constants).map(YamlFile::text).toList();
    throw at(node, name + ": " + text(node) + ", expected one of " + known);
  }

  /** A value as written in a file: {@code CROSS_ENTROPY} is {@code cross-entropy}. */
  static String text(Object value) {
    return value instanceof Enum<?> constant
        ? constant.name().toLowerCase(Locale.ROOT).replace('_', '-')
        : value.toString();
  }

  List<Path> paths(Map<String, Node> top, String name) {
    return top.containsKey(name) ? paths(top.get(name)) : List.of();
  }

  List<Path> paths(Node node) {
    return node instanceof ScalarNode ? List.of(path(node)) : items(node, this::path);
  }

  /** A path relative to the file. */
  Path path(Node node) {
    if (text(node).isEmpty()) {
      throw at(node, "empty, expected a path");
    }
    return file.resolveSibling(text(node)).normalize();
  }

  private <T> List<T> items(Node node, Function<Node, T> read) {
    if (!(node instanceof SequenceNode list)) {
      throw at(node, "expected a list");
    }
    return list.getValue().stream().map(read).toList();
  }

  Map<String, Node> fields(Node node) {
    if (!(node instanceof MappingNode mapping)) {
      throw at(node, "expected keys and values");
    }
    Map<String, Node> fields = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      if (fields.put(text(tuple.getKeyNode()), tuple.getValueNode()) != null) {
        throw at(tuple.getKeyNode(), text(tuple.getKeyNode()) + ": given twice");
      }
    }
    return fields;
  }

  void rejectUnknown(Node node, Set<String> known) {
    for (NodeTuple tuple : ((MappingNode) node).getValue()) {
      if (!known.contains(text(tuple.getKeyNode()))) {
        throw at(
            tuple.getKeyNode(),
            text(tuple.getKeyNode()) + ": unknown key, expected one of " + new TreeSet<>(known));
      }
    }
  }

  Node required(Map<String, Node> fields, String name, Node parent) {
    if (!fields.containsKey(name)) {
      throw at(parent, name + ": is missing");
    }
    return fields.get(name);
  }

  String text(Node node) {
    if (!(node instanceof ScalarNode scalar)) {
      throw at(node, "expected a value");
    }
    return scalar.getValue();
  }

  private double number(Node node) {
    try {
      return Double.parseDouble(text(node));
    } catch (NumberFormatException e) {
      throw at(node, text(node) + ": expected a number");
    }
  }

  private int size(String name, Node node) {
    return (int) whole(name, node, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  private long whole(String name, Node node, long least, long most) {
    long value;
    try {
      value = new BigDecimal(text(node)).longValueExact();
    } catch (ArithmeticException | NumberFormatException e) {
      throw notWhole(name, node, least, most);
    }
    if (value < least || value > most) {
      throw notWhole(name, node, least, most);
    }
    return value;
  }

  private UncheckedIOException notWhole(String name, Node node, long least, long most) {
    String expected = ", expected a whole number from " + least + " to " + most;
    return at(node, name + ": " + text(node) + expected);
  }

  /** Calls a constructor; adds file and line to its error. */
  private <T> T made(Node node, Supplier<T> maker) {
    try {
      return maker.get();
    } catch (IllegalArgumentException e) {
      throw at(node, e.getMessage());
    }
  }

  UncheckedIOException at(Node node, String problem) {
    return new UncheckedIOException(new IOException(place(node) + problem));
  }

  private String place(Node node) {
    return file + ": line " + (node.getStartMark().getLine() + 1) + ": ";
  }

  /** The features and layers as lines of a recipe. */
  static String network(FeatureSpec features, List<LayerPlan> layers) {
    StringBuilder yaml = new StringBuilder();
    FEATURES.forEach(
        (name, spec) -> {
          if (spec.equals(features)) {
            yaml.append("features: ").append(name).append('\n');
          }
        });
    yaml.append("network:\n");
    layers.forEach(layer -> yaml.append("  - ").append(line(layer)).append('\n'));
    return yaml.toString();
  }

  static String list(List<Path> paths, Path folder, int indent) {
    StringBuilder list = new StringBuilder(paths.isEmpty() ? ": []\n" : ":\n");
    for (Path path : paths) {
      list.append(" ".repeat(indent)).append("- ").append(relative(path, folder)).append('\n');
    }
    return list.toString();
  }

  /** A path in quotes, relative to a folder where there is such a path. */
  static String relative(Path path, Path folder) {
    Path from = folder.toAbsolutePath().normalize();
    Path to = path.toAbsolutePath().normalize();
    boolean oneRoot = to.getRoot().equals(from.getRoot()); // false across Windows drives
    return quoted((oneRoot ? from.relativize(to) : to).toString());
  }

  static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  private static String line(LayerPlan layer) {
    if (layer instanceof LayerPlan.Conv conv) {
      return "conv: " + fields(conv);
    } else if (layer instanceof LayerPlan.Dropout dropout) {
      return "dropout: " + dropout.rate();
    } else if (layer instanceof LayerPlan.Recurrent recurrent) {
      return recurrent.kind() + ": " + recurrent.units();
    }
    return layer instanceof LayerPlan.Norm ? "norm" : "relu";
  }

  static String fields(Record values) {
    List<String> fields = new ArrayList<>();
    try {
      for (RecordComponent component : values.getClass().getRecordComponents()) {
        Object value = component.getAccessor().invoke(values);
        String text = value instanceof Record inner ? fields(inner) : text(value);
        fields.add(component.getName() + ": " + text);
      }
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(values.getClass().getName(), e);
    }
    return "{" + String.join(", ", fields) + "}";
  }
}
