package io.joblens.testkit;

import static java.util.Objects.requireNonNull;

import io.joblens.spi.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A vendor's service in small, on loopback: it speaks HTTP, verifies signatures on its own, shows
 * the runs of a {@link World}, records what it was sent, and fails when told to. Thread-safe; its
 * threads are daemons.
 *
 * <p>It begins to listen when it is made. A subclass verifies and answers in {@link #handle}; it
 * must set up its own fields before it calls anything that sends requests.
 */
public abstract class FakeCloud implements AutoCloseable {

  /** One query parameter, decoded. */
  public record Parameter(String name, String value) {}

  /**
   * An access key that the cloud knows.
   *
   * @param id the access key id
   * @param secret its secret
   * @param token the session token that must come with it, if it is temporary
   * @param expiresAt when it ends, if it does
   */
  public record Key(String id, String secret, Optional<String> token, Optional<Instant> expiresAt) {
    @Override
    public String toString() {
      return "Key[" + id + "]";
    }
  }

  private record Rule(Predicate<Request> when, AtomicLong left, Function<Request, Reply> answer) {}

  private final World world;
  private final LoopbackServer server;
  private final Map<String, Key> keys = new ConcurrentHashMap<>();
  private final Queue<Request> requests = new ConcurrentLinkedQueue<>();
  private final List<Rule> rules = new CopyOnWriteArrayList<>();
  private final List<BiFunction<Request, Reply, Reply>> hooks = new CopyOnWriteArrayList<>();
  private final List<Throwable> mistakes = new CopyOnWriteArrayList<>();
  private final AtomicLong requestIds = new AtomicLong();
  private volatile boolean ignoringOffset;

  /** Listens at a free port. */
  protected FakeCloud(World world) {
    this(world, 0);
  }

  /**
   * Listens at the port of this machine's loopback interface.
   *
   * @param port the port; 0 for a free one
   */
  @SuppressWarnings("this-escape") // nobody knows the port before the cloud is whole
  protected FakeCloud(World world, int port) {
    this.world = requireNonNull(world, "world");
    try {
      this.server = new LoopbackServer(port, this::serve);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen at port " + port, e);
    }
  }

  /** Verifies the request and answers it as the vendor would. */
  protected abstract Reply handle(Request request);

  /** Returns {@code http://127.0.0.1:port}. */
  public final String endpoint() {
    return "http://" + authority();
  }

  /** Returns {@code 127.0.0.1:port}, what the Host header must be. */
  public final String authority() {
    return "127.0.0.1:" + server.port();
  }

  /** Returns the port. */
  public final int port() {
    return server.port();
  }

  /** Returns the runs and jobs that the cloud shows. */
  public final World world() {
    return world;
  }

  /** Returns the time by the cloud's clock, which is the world's. */
  public final Instant now() {
    return world.time().now();
  }

  /** Lets this access key in. */
  public final void addKey(String id, String secret) {
    addKey(new Key(id, secret, Optional.empty(), Optional.empty()));
  }

  /** Lets this temporary access key in, together with its session token. */
  public final void addKey(String id, String secret, String token) {
    addKey(new Key(id, secret, Optional.of(token), Optional.empty()));
  }

  /** Lets this access key in, replacing one with the same id. */
  public final void addKey(Key key) {
    keys.put(key.id(), key);
  }

  /** Returns the access key with the id. */
  protected final Optional<Key> key(String id) {
    return Optional.ofNullable(keys.get(id));
  }

  /**
   * Judges the session token that came with a key: none for a lasting key, the right one, still
   * valid, for a temporary key.
   */
  protected final Verdict checkToken(Key key, Optional<String> token) {
    if (!Oracle.isSame(key.token().orElse(""), token.orElse(""))) {
      return Verdict.refused(Verdict.Outcome.WRONG_TOKEN, "");
    }
    if (key.expiresAt().filter(end -> !now().isBefore(end)).isPresent()) {
      return Verdict.refused(Verdict.Outcome.EXPIRED_TOKEN, "");
    }
    return Verdict.ACCEPTED;
  }

  /** Returns an id for a request, new each time and the same in every test. */
  protected final String nextRequestId() {
    return String.format(
        Locale.ROOT, "00000000-0000-4000-8000-%012x", requestIds.incrementAndGet());
  }

  /** Returns all requests so far, in the order they came; those that faults answered too. */
  public final List<Request> requests() {
    return List.copyOf(requests);
  }

  /** Forgets the requests so far. */
  public final void clearRequests() {
    requests.clear();
  }

  /** Returns how many connections are open. */
  public final int connections() {
    return server.connections();
  }

  /** Answers the next request with this status and body, before anything is verified. */
  public final void failNext(int status, String body, Map<String, String> headers) {
    Reply reply = Reply.of(status, "application/json", body);
    for (Map.Entry<String, String> header : headers.entrySet()) {
      reply = reply.header(header.getKey(), header.getValue());
    }
    failNext(1, reply);
  }

  /** Answers the next request with this status and body, before anything is verified. */
  public final void failNext(int status, String body) {
    failNext(status, body, Map.of());
  }

  /** Gives the next requests this answer, before anything is verified. */
  public final void failNext(int times, Reply reply) {
    answer(request -> true, times, request -> reply);
  }

  /** Gives every request from now on this answer, before anything is verified. */
  public final void failAlways(Reply reply) {
    answer(request -> true, Integer.MAX_VALUE, request -> reply);
  }

  /** Never answers the next requests; their connections stay open until the cloud closes. */
  public final void hang(int times) {
    failNext(times, Reply.hang());
  }

  /** Closes the connections of the next requests without an answer. */
  public final void closeConnection(int times) {
    failNext(times, Reply.closeConnection());
  }

  /**
   * Answers requests otherwise, before anything is verified. Of several rules the first that fits
   * counts.
   *
   * @param when which requests
   * @param times how many of them
   */
  public final void answer(Predicate<Request> when, int times, Function<Request, Reply> answer) {
    rules.add(new Rule(when, new AtomicLong(times), answer));
  }

  /** Changes every answer from now on, for example its headers; faults' answers too. */
  public final void onReply(BiFunction<Request, Reply, Reply> hook) {
    hooks.add(hook);
  }

  /** Makes the cloud show the first page again and again, whatever page is asked for. */
  public final void ignoreOffset(boolean value) {
    ignoringOffset = value;
  }

  /** Tells whether {@link #handle} must show the first page, whatever page is asked for. */
  protected final boolean isIgnoringOffset() {
    return ignoringOffset;
  }

  /** Ends all faults and hooks. */
  public final void clearFaults() {
    rules.clear();
    hooks.clear();
    ignoringOffset = false;
  }

  /**
   * Returns the part of the rows that a page shows; the first page when offsets are ignored.
   *
   * @param offset rows before the page
   * @param limit rows at most
   */
  protected final <T> List<T> page(List<T> rows, long offset, long limit) {
    long from = ignoringOffset ? 0 : Math.max(0, Math.min(offset, rows.size()));
    long to = Math.min(from + Math.max(0, limit), rows.size());
    return rows.subList((int) from, (int) to);
  }

  /**
   * Stops listening and closes all connections.
   *
   * @throws IllegalStateException when {@link #handle} threw, which the caller only saw as HTTP 500
   */
  @Override
  public void close() {
    server.close();
    if (!mistakes.isEmpty()) {
      throw new IllegalStateException("the fake cloud itself failed", mistakes.get(0));
    }
  }

  private Reply serve(Request received) {
    Request request = received.at(now());
    requests.add(request);
    Reply reply = reply(request);
    for (BiFunction<Request, Reply, Reply> hook : hooks) {
      reply = hook.apply(request, reply);
    }
    return reply.headers().containsKey("date") ? reply : reply.header("Date", httpDate(now()));
  }

  private Reply reply(Request request) {
    try {
      for (Rule rule : rules) {
        if (rule.when().test(request) && rule.left().getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
          return rule.answer().apply(request);
        }
      }
      return request.isReadable()
          ? handle(request)
          : Reply.of(400, "text/plain", "an escape in path or query is not complete");
    } catch (RuntimeException | AssertionError e) {
      mistakes.add(e);
      return Reply.of(500, "text/plain", "the fake cloud itself failed: " + e);
    }
  }

  private static String httpDate(Instant time) {
    return DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
        .format(time.atOffset(ZoneOffset.UTC));
  }

  /** One request, just as it came over the wire. Immutable. */
  public static final class Request {
    private final String method;
    private final String path;
    private final String query;
    private final Map<String, List<String>> headers;
    private final byte[] body;
    private final Instant receivedAt;

    Request(
        String method,
        String target,
        Map<String, List<String>> headers,
        byte[] body,
        Instant receivedAt) {
      int mark = target.indexOf('?');
      this.method = method;
      this.path = mark < 0 ? target : target.substring(0, mark);
      this.query = mark < 0 ? "" : target.substring(mark + 1);
      this.headers = headers;
      this.body = body;
      this.receivedAt = receivedAt;
    }

    private Request at(Instant time) {
      return new Request(method, query.isEmpty() ? path : path + "?" + query, headers, body, time);
    }

    /** Returns the method. */
    public String method() {
      return method;
    }

    /** Returns the path as sent, encoded. */
    public String path() {
      return path;
    }

    /** Returns the path's segments, decoded; empty for {@code /}. */
    public List<String> segments() {
      List<String> segments = new ArrayList<>();
      for (String segment : path.substring(1).split("/", -1)) {
        segments.add(Oracle.percentDecode(segment, false));
      }
      return path.length() < 2 ? List.of() : segments;
    }

    /** Returns the query as sent, encoded, without question mark; empty when there is none. */
    public String rawQuery() {
      return query;
    }

    /** Returns the query parameters, decoded, in the order they were sent. */
    public List<Parameter> parameters() {
      List<Parameter> parameters = new ArrayList<>();
      for (String pair : query.split("&", -1)) {
        if (!pair.isEmpty()) {
          int equals = pair.indexOf('=');
          String name = equals < 0 ? pair : pair.substring(0, equals);
          String value = equals < 0 ? "" : pair.substring(equals + 1);
          parameters.add(
              new Parameter(Oracle.percentDecode(name, true), Oracle.percentDecode(value, true)));
        }
      }
      return parameters;
    }

    /** Returns the first value of a query parameter. */
    public Optional<String> parameter(String name) {
      return parameters().stream()
          .filter(parameter -> parameter.name().equals(name))
          .map(Parameter::value)
          .findFirst();
    }

    private boolean isReadable() {
      try {
        parameters();
        segments();
        return true;
      } catch (IllegalArgumentException e) {
        return false;
      }
    }

    /** Returns all headers by lower-case name, in the order they came. */
    public Map<String, List<String>> headers() {
      return headers;
    }

    /** Returns a header's value, several joined by commas. */
    public Optional<String> header(String name) {
      return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)))
          .map(values -> String.join(",", values));
    }

    /** Returns the Host header; empty when there was none. */
    public String host() {
      return header("host").orElse("");
    }

    /** Returns a copy of the body. */
    public byte[] body() {
      return body.clone();
    }

    /** Returns the body as UTF-8 text. */
    public String bodyText() {
      return new String(body, StandardCharsets.UTF_8);
    }

    /** Returns when it came, by the cloud's clock. */
    public Instant receivedAt() {
      return receivedAt;
    }

    @Override
    public String toString() {
      return method + " " + path + (query.isEmpty() ? "" : "?" + query) + " " + bodyText();
    }
  }

  /** One answer. Immutable. */
  public static final class Reply {
    enum Effect {
      ANSWER,
      HANG,
      CLOSE,
      RESET
    }

    private final int status;
    private final Map<String, String> headers;
    private final byte[] body;
    private final Effect effect;
    private final int bytesSent;

    private Reply(
        int status, Map<String, String> headers, byte[] body, Effect effect, int bytesSent) {
      this.status = status;
      this.headers = Collections.unmodifiableMap(headers);
      this.body = body;
      this.effect = effect;
      this.bytesSent = bytesSent;
    }

    /** Returns 200 with the value as JSON: maps, iterables, texts, numbers, booleans, null. */
    public static Reply json(@Nullable Object value) {
      return json(200, value);
    }

    /** Returns the value as JSON: maps, iterables, texts, numbers, booleans, null. */
    public static Reply json(int status, @Nullable Object value) {
      return of(status, "application/json;charset=utf-8", Json.write(value));
    }

    /** Returns an answer with this body. */
    public static Reply of(int status, String contentType, String body) {
      return of(status, contentType, body.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns an answer with this body. */
    public static Reply of(int status, String contentType, byte[] body) {
      return new Reply(
              status, new LinkedHashMap<>(), body.clone(), Effect.ANSWER, Integer.MAX_VALUE)
          .header("Content-Type", contentType);
    }

    /** Returns no answer: the connection stays open. */
    public static Reply hang() {
      return new Reply(0, new LinkedHashMap<>(), new byte[0], Effect.HANG, 0);
    }

    /** Returns no answer: the connection is closed. */
    public static Reply closeConnection() {
      return new Reply(0, new LinkedHashMap<>(), new byte[0], Effect.CLOSE, 0);
    }

    /** Returns no answer: the connection is reset. */
    public static Reply resetConnection() {
      return new Reply(0, new LinkedHashMap<>(), new byte[0], Effect.RESET, 0);
    }

    /** Returns the same answer with a header more; a value set before is replaced. */
    public Reply header(String name, String value) {
      Map<String, String> more = new LinkedHashMap<>(headers);
      more.put(name.toLowerCase(Locale.ROOT), value);
      return new Reply(status, more, body, effect, bytesSent);
    }

    /** Returns the same answer, its body compressed. */
    public Reply gzipped() {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
        gzip.write(body);
      } catch (IOException e) {
        throw new UncheckedIOException("memory does not fail", e);
      }
      return new Reply(status, headers, out.toByteArray(), effect, bytesSent)
          .header("Content-Encoding", "gzip");
    }

    /** Returns the same answer whose connection is closed after so many bytes of the body. */
    public Reply cutAfter(int bytes) {
      return new Reply(status, headers, body, effect, bytes);
    }

    /** Returns the HTTP status. */
    public int status() {
      return status;
    }

    /** Returns the headers by lower-case name. */
    public Map<String, String> headers() {
      return headers;
    }

    /** Returns a copy of the body. */
    public byte[] body() {
      return body.clone();
    }

    Effect effect() {
      return effect;
    }

    int bytesSent() {
      return Math.min(bytesSent, body.length);
    }

    @Override
    public String toString() {
      return effect == Effect.ANSWER
          ? "HTTP " + status + " " + new String(body, StandardCharsets.UTF_8)
          : effect.toString();
    }
  }
}
