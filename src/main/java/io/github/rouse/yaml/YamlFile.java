// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.yaml;

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
 * Reads a YAML file's values as records, paths and numbers, and writes them. An error is an {@link
 * UncheckedIOException} that names file, line and reason.
 */
public final class YamlFile {
  private final Path file;

  private YamlFile(Path file) {
    this.file = file;
  }

  /** Makes a value of a file's top-level mapping. */
  @FunctionalInterface
  public interface Maker<R> {
    /** May throw an {@link UncheckedIOException}. */
    R make(YamlFile yaml, Node root);
  }

  /**
   * Reads a file.
   *
   * @param expected what a folder of that name is not, such as "a recipe"
   * @throws IOException if the file cannot be read or is invalid; the message names file, line and
   *     reason
   */
  public static <R> R read(Path file, String expected, Maker<R> maker) throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException(file + ": is a folder, expected " + expected);
    }
    try (Reader reader = Files.newBufferedReader(file)) {
      Node root = compose(reader);
      if (root == null) {
        throw new IOException(file + ": is empty");
      }
      return maker.make(new YamlFile(file), root);
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 1;
      throw new IOException(file + ": line " + line + ": " + e.getProblem(), e);
    } catch (YAMLException | CharacterCodingException e) {
      throw new IOException(file + ": is not YAML: " + e.getMessage(), e);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static Node compose(Reader reader) {
    try {
      return new Yaml(new SafeConstructor(new LoaderOptions())).compose(reader);
    } catch (YAMLException e) {
      throw e;
    } catch (RuntimeException e) { // SnakeYAML throws others too, on a tag "!%2" for one
      throw new YAMLException(e.getMessage(), e);
    }
  }

  /** A copy of {@code defaults} with the fields that the node overrides. */
  public <R extends Record> R record(Node node, R defaults) {
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
  public static Node namedIn(Map<String, Node> fields, Node node, Throwable problem) {
    return fields.getOrDefault(problem.getMessage().split("[.=]", 2)[0], node);
  }

  /** A value of the default's type; a record takes what the node leaves out from the default. */
  private Object value(Object defaultValue, String name, Node node) {
    if (defaultValue instanceof Record defaults) {
      return record(node, defaults);
    } else if (defaultValue instanceof Enum<?> one) {
      return constant(one.getDeclaringClass().getEnumConstants(), name, node);
    } else if (defaultValue instanceof Path) {
      return path(node);
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
  public static String text(Object value) {
    return value instanceof Enum<?> constant
        ? constant.name().toLowerCase(Locale.ROOT).replace('_', '-')
        : value.toString();
  }

  public List<Path> paths(Map<String, Node> top, String name) {
    return top.containsKey(name) ? paths(top.get(name)) : List.of();
  }

  public List<Path> paths(Node node) {
    return node instanceof ScalarNode ? List.of(path(node)) : items(node, this::path);
  }

  /** A path relative to the file. */
  public Path path(Node node) {
    if (text(node).isEmpty()) {
      throw at(node, "empty, expected a path");
    }
    return file.resolveSibling(text(node)).normalize();
  }

  public <T> List<T> items(Node node, Function<Node, T> read) {
    if (!(node instanceof SequenceNode list)) {
      throw at(node, "expected a list");
    }
    return list.getValue().stream().map(read).toList();
  }

  public Map<String, Node> fields(Node node) {
    Map<String, Node> fields = new LinkedHashMap<>();
    for (NodeTuple tuple : tuples(node)) {
      if (fields.put(text(tuple.getKeyNode()), tuple.getValueNode()) != null) {
        throw at(tuple.getKeyNode(), text(tuple.getKeyNode()) + ": given twice");
      }
    }
    return fields;
  }

  public void rejectUnknown(Node node, Set<String> known) {
    for (NodeTuple tuple : tuples(node)) {
      if (!known.contains(text(tuple.getKeyNode()))) {
        throw at(
            tuple.getKeyNode(),
            text(tuple.getKeyNode()) + ": unknown key, expected one of " + new TreeSet<>(known));
      }
    }
  }

  private List<NodeTuple> tuples(Node node) {
    if (!(node instanceof MappingNode mapping)) {
      throw at(node, "expected keys and values");
    }
    return mapping.getValue();
  }

  public Node required(Map<String, Node> fields, String name, Node parent) {
    if (!fields.containsKey(name)) {
      throw at(parent, name + ": is missing");
    }
    return fields.get(name);
  }

  public String text(Node node) {
    if (!(node instanceof ScalarNode scalar)) {
      throw at(node, "expected a value");
    }
    return scalar.getValue();
  }

  /** True or false. */
  public boolean flag(String name, Node node) {
    return switch (text(node)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw at(node, name + ": " + text(node) + ", expected true or false");
    };
  }

  public double number(Node node) {
    try {
      return Double.parseDouble(text(node));
    } catch (NumberFormatException e) {
      throw at(node, text(node) + ": expected a number");
    }
  }

  public int size(String name, Node node) {
    return (int) whole(name, node, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  public long whole(String name, Node node, long least, long most) {
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
  public <T> T made(Node node, Supplier<T> maker) {
    try {
      return maker.get();
    } catch (IllegalArgumentException e) {
      throw at(node, e.getMessage());
    }
  }

  public UncheckedIOException at(Node node, String problem) {
    return new UncheckedIOException(new IOException(place(node) + problem));
  }

  public String place(Node node) {
    return file + ": line " + (node.getStartMark().getLine() + 1) + ": ";
  }

  public static String list(List<Path> paths, Path folder, int indent) {
    StringBuilder list = new StringBuilder(paths.isEmpty() ? ": []\n" : ":\n");
    for (Path path : paths) {
      list.append(" ".repeat(indent)).append("- ").append(relative(path, folder)).append('\n');
    }
    return list.toString();
  }

  /** A path in quotes, relative to a folder where there is such a path. */
  public static String relative(Path path, Path folder) {
    Path from = folder.toAbsolutePath().normalize();
    Path to = path.toAbsolutePath().normalize();
    boolean oneRoot = to.getRoot().equals(from.getRoot()); // false across Windows drives
    return quoted((oneRoot ? from.relativize(to) : to).toString());
  }

  public static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  public static String fields(Record values) {
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
