package io.joblens.internal;

import io.joblens.ConfigException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.AnchorNode;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/** A YAML file as texts, lists and maps that know where they stand. Every scalar is its text. */
final class ConfigTree {
  private static final long LARGEST_FILE = 1 << 20;
  private static final int DEEPEST = 20;
  private static final int MOST_VALUES = 100_000;

  /** A value and where it stands. */
  sealed interface Value {
    /** Returns the key path, such as {@code clouds.batch.region}. */
    String path();

    /** Returns the line, from 1. */
    int line();
  }

  /** One text. */
  record Text(String path, int line, String text) implements Value {}

  /** A list. */
  record Items(String path, int line, List<Value> items) implements Value {}

  /** A map, in the order of the file. */
  record Entries(String path, int line, Map<String, Value> entries) implements Value {
    Optional<Value> get(String key) {
      return Optional.ofNullable(entries.get(key));
    }
  }

  private final Problems problems;
  private int values;

  private ConfigTree(Problems problems) {
    this.problems = problems;
  }

  /** Reads the file; duplicate keys and the like are added to the problems. */
  static Entries read(Path file, Problems problems) {
    LoadSettings settings =
        LoadSettings.builder().setAllowDuplicateKeys(true).setUseMarks(true).build();
    Optional<Node> root;
    try {
      root =
          new Composer(settings, new ParserImpl(settings, new StreamReader(settings, text(file))))
              .getSingleNode();
    } catch (MarkedYamlEngineException e) {
      // the exception's own words quote the file, secrets included: "undefined alias my*Secret"
      throw new ConfigException(
          file
              + e.getProblemMark()
                  .map(m -> " (line " + (m.getLine() + 1) + ", column " + (m.getColumn() + 1) + ")")
                  .orElse("")
              + " is not YAML; look there and in the line before for a missing quote, colon or"
              + " indentation, and quote texts that begin with a special character");
    } catch (YamlEngineException e) {
      throw new ConfigException(file + " is not YAML");
    } catch (StackOverflowError e) {
      throw new ConfigException(file + " is nested too deeply");
    }
    Value value =
        root.map(node -> new ConfigTree(problems).value("", lineOf(node), node, 0))
            .orElseGet(() -> new Entries("", 1, Map.of()));
    if (value instanceof Entries entries) {
      return entries;
    }
    throw new ConfigException(file + " is no map; expected the keys accounts and clouds");
  }

  private static String text(Path file) {
    try {
      if (Files.size(file) > LARGEST_FILE) {
        throw new ConfigException(file + " is larger than 1 MiB; this is no configuration file");
      }
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new ConfigException(file + " does not exist");
    } catch (IOException | UncheckedIOException e) {
      throw new ConfigException(
          file + " cannot be read (" + e.getClass().getSimpleName() + "); expected UTF-8 text");
    }
  }

  private static int lineOf(Node node) {
    return node.getStartMark().map(Mark::getLine).orElse(0) + 1;
  }

  /**
   * Makes a value of a node.
   *
   * @param line where its key stands, or its item: where a person looks for it
   */
  private Value value(String path, int line, Node node, int depth) {
    if (depth > DEEPEST || ++values > MOST_VALUES) {
      // anchors can make a small file endless
      throw new ConfigException(
          "line " + line + " of the configuration is nested too deeply, or refers to itself");
    }
    if (node instanceof MappingNode map) {
      return new Entries(path, line, entries(path, map, depth));
    }
    if (node instanceof SequenceNode list) {
      List<Value> items = new ArrayList<>();
      for (Node item : list.getValue()) {
        items.add(value(path + "[" + items.size() + "]", lineOf(item), item, depth + 1));
      }
      return new Items(path, line, items);
    }
    if (node instanceof AnchorNode anchor) {
      return value(path, line, anchor.getRealNode(), depth + 1);
    }
    if (node instanceof ScalarNode scalar) {
      return new Text(path, line, scalar.getTag().equals(Tag.NULL) ? "" : scalar.getValue());
    }
    problems.add(path, line, "expected text, a list or a map");
    return new Text(path, line, "");
  }

  private Map<String, Value> entries(String path, MappingNode map, int depth) {
    Map<String, Value> entries = new LinkedHashMap<>();
    for (NodeTuple tuple : map.getValue()) {
      int line = lineOf(tuple.getKeyNode());
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        problems.add(path, line, "a key is a list or map; expected text");
        continue;
      }
      String inner = path.isEmpty() ? key.getValue() : path + "." + key.getValue();
      if (entries.put(key.getValue(), value(inner, line, tuple.getValueNode(), depth + 1))
          != null) {
        problems.add(inner, line, "stands twice; remove one");
      }
    }
    return entries;
  }
}
