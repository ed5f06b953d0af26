package io.joblens.spi;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a vendor's own tools see of a user's set-up: environment variables, JVM properties and the
 * home directory. Blank counts as not set. Its text form shows no value.
 */
public final class Environment {
  private final Map<String, String> variables;
  private final Function<String, @Nullable String> properties;
  private final @Nullable Path home;

  /**
   * Makes an environment, such as one for a test.
   *
   * @param properties looks up a JVM property
   * @param home the home directory, or null when there is none
   */
  public Environment(
      Map<String, String> variables,
      Function<String, @Nullable String> properties,
      @Nullable Path home) {
    this.variables = Map.copyOf(variables);
    this.properties = properties;
    this.home = home;
  }

  /** Returns that of this process. Properties are read whenever they are asked for. */
  public static Environment system() {
    // Not user.home first: a JVM takes that from the user database, whatever HOME says, and the
    // vendors' command lines go by HOME.
    return new Environment(System.getenv(), System::getProperty, home(System.getenv()));
  }

  /** Returns one with these variables, {@code HOME} among them, and no JVM properties. */
  public static Environment of(Map<String, String> variables) {
    String home = variables.getOrDefault("HOME", "");
    return new Environment(variables, name -> null, home.isBlank() ? null : Path.of(home));
  }

  private static @Nullable Path home(Map<String, String> variables) {
    return Stream.of(variables.get("HOME"), System.getProperty("user.home"))
        .filter(path -> path != null && !path.isBlank())
        .findFirst()
        .map(Path::of)
        .orElse(null);
  }

  /** Returns an environment variable. */
  public Optional<String> variable(String name) {
    return Optional.ofNullable(variables.get(name)).filter(value -> !value.isBlank());
  }

  /** Returns a JVM property. */
  public Optional<String> property(String name) {
    return Optional.ofNullable(properties.apply(name)).filter(value -> !value.isBlank());
  }

  /** Returns the home directory. */
  public Optional<Path> home() {
    return Optional.ofNullable(home);
  }

  /** Returns the variables. */
  public Map<String, String> variables() {
    return variables;
  }

  @Override
  public String toString() {
    return "Environment[" + variables.size() + " variables, home " + home + "]";
  }
}
