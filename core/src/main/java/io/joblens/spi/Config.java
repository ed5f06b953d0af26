package io.joblens.spi;

import io.joblens.ConfigException;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The values of one cloud, or of its credentials, from a configuration file.
 *
 * @param texts single values by key
 * @param lists list values by their key's singular
 * @param aliases the user's own names by id, for the {@code jobs} map
 * @param credentials the values under {@code credentials}; empty when the vendor's own sources are
 *     to be used. Its text form is masked
 */
public record Config(
    Map<String, String> texts,
    Map<String, List<String>> lists,
    Map<String, String> aliases,
    Map<String, String> credentials) {

  /** Copies the maps. */
  public Config {
    texts = Map.copyOf(texts);
    lists = Map.copyOf(lists);
    aliases = Map.copyOf(aliases);
    credentials = Map.copyOf(credentials);
  }

  /** Returns a single value. */
  public Optional<String> text(String key) {
    return Optional.ofNullable(texts.get(key));
  }

  /** Returns a list value by its key's singular; empty when it is not there. */
  public List<String> list(String key) {
    return lists.getOrDefault(key, List.of());
  }

  /**
   * Returns a single value as a time zone.
   *
   * @throws ConfigException when it is none
   */
  public Optional<ZoneId> zone(String key) {
    try {
      return text(key).map(ZoneId::of);
    } catch (DateTimeException e) {
      throw new ConfigException(
          key + " is no time zone; expected one such as Asia/Shanghai or +08:00");
    }
  }

  /** Returns a value under {@code credentials}. */
  public Optional<String> credential(String key) {
    return Optional.ofNullable(credentials.get(key)).filter(value -> !value.isEmpty());
  }

  /** Returns the same values without credentials. */
  public Config withoutCredentials() {
    return new Config(texts, lists, aliases, Map.of());
  }

  /**
   * Returns the access key under {@code credentials}, or empty when there are no credentials or
   * only {@code profile}, which core hands to the builder.
   *
   * @param tokenKey the key of a session token, which only temporary access keys have
   * @throws ConfigException naming the key that is missing or cannot be used, never its value
   */
  public Optional<Credentials> accessKey(String idKey, String secretKey, String tokenKey) {
    boolean hasProfile = credential("profile").isPresent();
    if (hasProfile && credentials.size() > 1) {
      throw new ConfigException(
          "credentials.profile stands for an access key in the vendor's own files; give it alone,"
              + " or leave it out");
    }
    if (hasProfile || credentials.isEmpty()) {
      return Optional.empty();
    }
    String id = half(idKey, secretKey);
    String secret = half(secretKey, idKey);
    try {
      return Optional.of(
          credential(tokenKey)
              .map(token -> Credentials.temporary(id, secret, token, null))
              .orElseGet(() -> Credentials.accessKey(id, secret)));
    } catch (IllegalArgumentException e) {
      throw new ConfigException("credentials: " + e.getMessage());
    }
  }

  private String half(String key, String other) {
    return credential(key)
        .orElseThrow(
            () ->
                new ConfigException(
                    "credentials." + key + " is missing; it goes together with " + other));
  }

  @Override
  public String toString() {
    return "Config[" + texts.keySet() + ", " + lists.keySet() + "]";
  }
}
