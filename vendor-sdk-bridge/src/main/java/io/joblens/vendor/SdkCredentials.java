package io.joblens.vendor;

import io.joblens.CredentialsException;
import io.joblens.spi.Credentials;
import io.joblens.spi.CredentialsProvider;
import io.joblens.spi.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the three bridges share: a vendor's call becomes a {@link CredentialsProvider}, and whatever
 * it throws a {@link CredentialsException} that says which call of which class failed.
 *
 * <p>No text of a vendor's exception is passed on, nor the exception itself as a cause: those texts
 * hold whole answers of STS and metadata services, secrets included. What is taken out of them is
 * an HTTP status and an error code, and nothing that could be anything else.
 */
final class SdkCredentials implements CredentialsProvider {
  /**
   * How long credentials count as good whose end the vendor's object does not tell: its providers
   * renew them five minutes before the end or earlier. The vendor's object is asked again by then.
   */
  static final Duration UNTOLD = Duration.ofMinutes(5);

  private static final int MOST_READS = 5;
  private static final int LONGEST_CHAIN = 5;
  private static final Pattern STATUS =
      Pattern.compile("(?i:http-?code|response code)(?:[=:]| is) ?(\\d{3})\\b");
  private static final Pattern CODE_IN_JSON =
      Pattern.compile("\"[Cc]ode\" ?: ?\"([A-Za-z.]{3,64})\"");
  private static final Pattern CODE = Pattern.compile("[A-Za-z.]{3,64}|[A-Z]{2,8}\\.[0-9]{3,8}");

  /** By a word in the provider's class or in the beginning of its message: what it was doing. */
  private static final List<Doing> DOINGS =
      List.of(
          new Doing("OIDC", "assume the role with the OIDC token"),
          new Doing("IdToken", "get a token for the OIDC token"),
          new Doing("RamRoleArn", "assume the role"),
          new Doing("STSCredential", "assume the role"),
          new Doing("EcsRamRole", "read the instance role's credentials"),
          new Doing("ECS metadata", "read the instance role's credentials"),
          new Doing("CvmRole", "read the instance role's credentials"),
          new Doing("Metadata", "read the instance role's credentials"),
          new Doing("RsaKeyPair", "get a session for the key pair"),
          new Doing("URLCredential", "read credentials from their URI"),
          new Doing("credentialsURI", "read credentials from their URI"));

  private record Doing(String word, String words) {}

  /**
   * What an exception of a vendor tells apart from its message.
   *
   * @param status the HTTP status; 0 for none
   * @param code the vendor's word for the error
   */
  record Facts(int status, @Nullable String code) {
    static final Facts NONE = new Facts(0, null);
  }

  /** What a vendor's object gives one by one. */
  record Parts(@Nullable String id, @Nullable String secret, @Nullable String token) {}

  /** Reads credentials from the vendor's object. May block. */
  interface Source {
    Credentials read() throws Exception;
  }

  private final String origin;
  private final String call;
  private final String artifact;
  private final Source source;
  private final Function<Throwable, Facts> facts;

  /**
   * Wraps a vendor's call.
   *
   * @param origin the vendor's object, whose class is named in messages
   * @param call its method, as messages name it
   * @param artifact the library it comes from
   * @param source the call
   * @param facts returns what an exception of the vendor tells apart from its message
   */
  SdkCredentials(
      Object origin,
      String call,
      String artifact,
      Source source,
      Function<Throwable, Facts> facts) {
    Class<?> type = origin.getClass();
    this.origin = type.isHidden() ? "a lambda" : type.getName(); // a lambda's own name says nothing
    this.call = call;
    this.artifact = artifact;
    this.source = source;
    this.facts = facts;
  }

  @Override
  public String account() {
    return "default";
  }

  /** Asks the vendor's object, which may block. */
  @Override
  public Step<Credentials> resolve() {
    try {
      return Step.done(source.read());
    } catch (Unusable e) {
      throw new CredentialsException(
          "cannot "
              + doing(List.of())
              + ": what "
              + origin
              + "."
              + call
              + " gave cannot be used: "
              + e.problem);
    } catch (LinkageError e) {
      throw new CredentialsException(
          "cannot get credentials: "
              + origin
              + " needs "
              + String.valueOf(e.getMessage()).replace('/', '.')
              + ", which is not on the class path or is of another version; add "
              + artifact
              + " with everything it depends on");
    } catch (Exception e) {
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      throw new CredentialsException(words(e));
    }
  }

  private String words(Exception e) {
    List<Throwable> chain = chain(e);
    String kinds =
        chain.stream()
            .map(link -> link.getClass().getSimpleName())
            .collect(Collectors.joining(" < "));
    String status =
        first(
            chain,
            link -> {
              int told = facts.apply(link).status;
              return told > 0 ? Integer.toString(told) : group(STATUS, text(link));
            });
    String code =
        first(
            chain,
            link -> {
              String told = facts.apply(link).code;
              return told != null && CODE.matcher(told).matches()
                  ? told
                  : group(CODE_IN_JSON, text(link));
            });
    return "cannot "
        + doing(chain)
        + ": "
        + origin
        + "."
        + call
        + " failed ("
        + kinds
        + (status == null ? "" : ", HTTP " + status)
        + (code == null || code.equals("Success") ? "" : ", code " + code)
        + "); its own message is left out, because it can hold secrets: call it directly to see it";
  }

  private String doing(List<Throwable> chain) {
    return Stream.concat(Stream.of(origin), chain.stream().map(SdkCredentials::text))
        .flatMap(text -> DOINGS.stream().filter(doing -> text.contains(doing.word)))
        .findFirst()
        .map(Doing::words)
        .orElse("get credentials");
  }

  private static List<Throwable> chain(Throwable e) {
    List<Throwable> chain = new ArrayList<>();
    for (Throwable link = e; link != null && chain.size() < LONGEST_CHAIN; link = link.getCause()) {
      chain.add(link);
    }
    return chain;
  }

  private static @Nullable String first(
      List<Throwable> chain, Function<Throwable, @Nullable String> part) {
    for (Throwable link : chain) {
      String found = part.apply(link);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private static String text(Throwable e) {
    return e.getMessage() == null ? "" : e.getMessage();
  }

  private static @Nullable String group(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? matcher.group(1) : null;
  }

  /**
   * Returns what the vendor's object gives once it gives the same twice: it may renew itself
   * between two of its parts.
   */
  static Parts settled(Supplier<Parts> reading) {
    Parts before = reading.get();
    for (int reads = 2; reads <= MOST_READS; reads++) {
      Parts now = reading.get();
      if (now.equals(before)) {
        return now;
      }
      before = now;
    }
    throw new Unusable("its parts changed each time they were read");
  }

  /**
   * Returns the credentials that the parts are.
   *
   * @throws Unusable naming the part that is missing or cannot be one, never its value
   */
  static Credentials.AccessKey key(Parts parts, @Nullable Instant expiresAt) {
    if (parts.id == null || parts.secret == null) {
      throw new Unusable(
          "there is no " + (parts.id == null ? "access key id" : "access key secret"));
    }
    try {
      return parts.token == null || parts.token.isEmpty()
          ? Credentials.accessKey(parts.id, parts.secret)
          : Credentials.temporary(parts.id, parts.secret, parts.token, expiresAt);
    } catch (IllegalArgumentException e) {
      throw new Unusable(String.valueOf(e.getMessage())); // names the part, never its value
    }
  }

  @Override
  public String toString() {
    return "credentials of " + origin;
  }

  /** What a vendor gave cannot be used; the problem names no value. */
  static final class Unusable extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final String problem;

    Unusable(String problem) {
      super(problem);
      this.problem = problem;
    }
  }
}
