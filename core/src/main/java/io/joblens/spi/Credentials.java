package io.joblens.spi;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a request is signed with. Secrets are checked when they enter, so that none ever reaches a
 * header check whose message could show it, and are masked in {@code toString}. Two are equal when
 * they sign alike, wherever they come from.
 */
public sealed interface Credentials {

  /** Returns when they stop working, if the source says. */
  Optional<Instant> expiresAt();

  /** Returns where they come from, for messages: a file and profile, variables, a provider. */
  Optional<String> source();

  /** Returns the same credentials with a word on where they come from. */
  Credentials from(String source);

  /** A pair of access key id and secret, with a session token when it is temporary. */
  final class AccessKey implements Credentials {
    private final String id;
    private final String secret;
    private final @Nullable String token;
    private final @Nullable Instant expiresAt;
    private final @Nullable String source;

    private AccessKey(
        String id,
        String secret,
        @Nullable String token,
        @Nullable Instant expiresAt,
        @Nullable String source) {
      this.id = requireSecret("access key id", id);
      this.secret = requireSecret("access key secret", secret);
      this.token = token == null ? null : requireSecret("security token", token);
      this.expiresAt = expiresAt;
      this.source = source;
    }

    /** Returns the id. */
    public String id() {
      return id;
    }

    /** Returns the secret. */
    public String secret() {
      return secret;
    }

    /** Returns the session token of temporary credentials. */
    public Optional<String> token() {
      return Optional.ofNullable(token);
    }

    @Override
    public Optional<Instant> expiresAt() {
      return Optional.ofNullable(expiresAt);
    }

    @Override
    public Optional<String> source() {
      return Optional.ofNullable(source);
    }

    @Override
    public AccessKey from(String source) {
      return new AccessKey(id, secret, token, expiresAt, source);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof AccessKey that
          && id.equals(that.id)
          && secret.equals(that.secret)
          && Objects.equals(token, that.token);
    }

    @Override
    public int hashCode() {
      return Objects.hash(id, secret, token);
    }

    @Override
    public String toString() {
      return "AccessKey[***]";
    }
  }

  /** A token that is sent as it is, such as an {@code X-Auth-Token}. */
  final class Token implements Credentials {
    private final String value;
    private final @Nullable Instant expiresAt;
    private final @Nullable String source;

    private Token(String value, @Nullable Instant expiresAt, @Nullable String source) {
      this.value = requireSecret("auth token", value);
      this.expiresAt = expiresAt;
      this.source = source;
    }

    /** Returns the token. */
    public String value() {
      return value;
    }

    @Override
    public Optional<Instant> expiresAt() {
      return Optional.ofNullable(expiresAt);
    }

    @Override
    public Optional<String> source() {
      return Optional.ofNullable(source);
    }

    @Override
    public Token from(String source) {
      return new Token(value, expiresAt, source);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Token that && value.equals(that.value);
    }

    @Override
    public int hashCode() {
      return Objects.hash(value);
    }

    @Override
    public String toString() {
      return "Token[***]";
    }
  }

  /**
   * Returns a lasting access key.
   *
   * @throws IllegalArgumentException naming the part, never its value, when it cannot be one
   */
  static AccessKey accessKey(String id, String secret) {
    return new AccessKey(id, secret, null, null, null);
  }

  /**
   * Returns a temporary access key.
   *
   * @param expiresAt when it ends, or null when that is not known
   * @throws IllegalArgumentException naming the part, never its value, when it cannot be one
   */
  static AccessKey temporary(String id, String secret, String token, @Nullable Instant expiresAt) {
    return new AccessKey(id, secret, token, expiresAt, null);
  }

  /**
   * Returns a token.
   *
   * @param expiresAt when it ends, or null when that is not known
   * @throws IllegalArgumentException naming the part, never its value, when it cannot be one
   */
  static Token token(String value, @Nullable Instant expiresAt) {
    return new Token(value, expiresAt, null);
  }

  private static String requireSecret(String part, String value) {
    if (value.isBlank()) {
      throw new IllegalArgumentException("the " + part + " is blank");
    }
    if (value.chars().anyMatch(c -> c <= 0x20 || c >= 0x7f)) {
      throw new IllegalArgumentException(
          "the "
              + part
              + " contains a blank, line break or non-ASCII character; check how it was copied");
    }
    return value;
  }
}
