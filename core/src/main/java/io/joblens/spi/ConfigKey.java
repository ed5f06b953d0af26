package io.joblens.spi;

/**
 * A key that a configuration may carry.
 *
 * @param name the key, in the singular where {@link Shape#LIST} accepts both
 * @param shape what its value looks like
 * @param required whether it must be there
 * @param description what it is, for documentation and messages
 */
public record ConfigKey(String name, Shape shape, boolean required, String description) {

  /** What a value looks like. */
  public enum Shape {
    /** One text. */
    TEXT,
    /** One text under the singular, or a list of them under the plural. */
    LIST,
    /** As LIST; the plural may also be a map from the user's own short names to ids. */
    NAMED_LIST
  }

  /** Returns an optional text. */
  public static ConfigKey text(String name, String description) {
    return new ConfigKey(name, Shape.TEXT, false, description);
  }

  /** Returns an optional list. */
  public static ConfigKey list(String name, String description) {
    return new ConfigKey(name, Shape.LIST, false, description);
  }

  /** Returns an optional list whose entries may have the user's own names. */
  public static ConfigKey namedList(String name, String description) {
    return new ConfigKey(name, Shape.NAMED_LIST, false, description);
  }

  /** Returns the same key as one that must be there. */
  public ConfigKey toRequired() {
    return new ConfigKey(name, shape, true, description);
  }

  /** Returns the key's plural, the name of its list form. */
  public String plural() {
    return name + "s";
  }
}
