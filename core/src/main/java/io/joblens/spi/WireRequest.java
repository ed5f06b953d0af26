package io.joblens.spi;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request before and after signing: what is sent is exactly what stands here. Path
 * segments and query are held decoded and are encoded once, by {@link Percent}, for the signature
 * and the wire alike. Immutable. The text form shows method, host and path only: queries, headers
 * and bodies can carry secrets.
 */
public final class WireRequest {
  /** One query parameter, decoded. */
  public record Parameter(String name, String value) {}

  private final String method;
  private final String scheme;
  private final String host;
  private final List<String> segments;
  private final List<Parameter> query;
  private final Map<String, String> headers;
  private final byte[] body;
  private @Nullable String encodedPath;
  private @Nullable String encodedQuery;

  private WireRequest(Builder builder) {
    this.method = builder.method;
    this.scheme = builder.scheme;
    this.host = builder.host;
    this.segments = List.copyOf(builder.segments);
    this.query = List.copyOf(builder.query);
    this.headers = Map.copyOf(builder.headers);
    this.body = builder.body;
  }

  /** Starts a GET request. */
  public static Builder get(Endpoint endpoint) {
    return new Builder("GET", endpoint);
  }

  /** Starts a POST request. */
  public static Builder post(Endpoint endpoint) {
    return new Builder("POST", endpoint);
  }

  /** Returns the method, in upper case. */
  public String method() {
    return method;
  }

  /** Returns {@code https} or {@code http}. */
  public String scheme() {
    return scheme;
  }

  /** Returns host and, unless it is the scheme's own, port: the value of the Host header. */
  public String host() {
    return host;
  }

  /** Returns the decoded path segments; empty for {@code /}. */
  public List<String> segments() {
    return segments;
  }

  /** Returns the query parameters, decoded, in the order they are sent. */
  public List<Parameter> query() {
    return query;
  }

  /** Returns the headers by lower-case name, without Host; each name has one value. */
  public Map<String, String> headers() {
    return headers;
  }

  /** Returns a header's value. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
  }

  /** Returns a copy of the body; empty when there is none. */
  public byte[] body() {
    return body.clone();
  }

  /** Returns the path as sent: a slash before each encoded segment, or a single slash. */
  public String encodedPath() {
    String path = encodedPath;
    if (path == null) {
      path = segments.stream().map(Percent::encode).collect(Collectors.joining("/", "/", ""));
      encodedPath = path;
    }
    return path;
  }

  /** Returns the query as sent, without question mark; empty when there is none. */
  public String encodedQuery() {
    String text = encodedQuery;
    if (text == null) {
      text = join(query);
      encodedQuery = text;
    }
    return text;
  }

  /** Returns the query sorted by encoded name, then value: the canonical form of the schemes. */
  public String canonicalQuery() {
    if (query.size() < 2) {
      return encodedQuery();
    }
    String[] pairs = new String[query.size()];
    for (int i = 0; i < pairs.length; i++) {
      // a NUL sorts before every encoded character, so that "a" stands before "a.1"
      pairs[i] = Percent.encode(query.get(i).name()) + '\0' + Percent.encode(query.get(i).value());
    }
    Arrays.sort(pairs);
    return String.join("&", pairs).replace('\0', '=');
  }

  /** Returns the URL as sent. It can carry ids, never a credential. */
  public String url() {
    String base = scheme + "://" + host + encodedPath();
    return query.isEmpty() ? base : base + "?" + encodedQuery();
  }

  /** Returns a builder that starts from this request. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  @Override
  public String toString() {
    return method + " " + scheme + "://" + host + encodedPath();
  }

  private static String join(List<Parameter> query) {
    StringBuilder out = new StringBuilder();
    for (Parameter parameter : query) {
      if (out.length() > 0) {
        out.append('&');
      }
      out.append(Percent.encode(parameter.name()))
          .append('=')
          .append(Percent.encode(parameter.value()));
    }
    return out.toString();
  }

  /** Builds a {@link WireRequest}; refuses what could not be sent, before any I/O. */
  public static final class Builder {
    private final String method;
    private final String scheme;
    private final String host;
    private final List<String> segments;
    private final List<Parameter> query;
    private final Map<String, String> headers;
    private byte[] body;

    private Builder(String method, Endpoint endpoint) {
      this.method = method;
      this.scheme = endpoint.scheme();
      this.host = endpoint.authority();
      this.segments = new ArrayList<>();
      this.query = new ArrayList<>();
      this.headers = new LinkedHashMap<>();
      this.body = new byte[0];
    }

    private Builder(WireRequest request) {
      this.method = request.method;
      this.scheme = request.scheme;
      this.host = request.host;
      this.segments = new ArrayList<>(request.segments);
      this.query = new ArrayList<>(request.query);
      this.headers = new LinkedHashMap<>(request.headers);
      this.body = request.body;
    }

    /** Appends constant path segments, given as {@code /a/b}. */
    public Builder path(String path) {
      for (String segment : path.substring(1).split("/", -1)) {
        id("path", segment);
      }
      return this;
    }

    /**
     * Appends one path segment.
     *
     * @throws IllegalArgumentException naming the parameter when it can be no path segment
     */
    public Builder id(String parameter, String segment) {
      segments.add(Text.requireId(parameter, segment));
      return this;
    }

    /** Appends a query parameter. */
    public Builder query(String name, String value) {
      query.add(new Parameter(name, value));
      return this;
    }

    /** Appends a query parameter. */
    public Builder query(String name, long value) {
      return query(name, Long.toString(value));
    }

    /**
     * Sets a header, replacing an earlier value.
     *
     * @throws IllegalArgumentException naming the header, never its value, when it cannot be sent
     */
    public Builder header(String name, String value) {
      for (int i = 0; i < value.length(); i++) {
        char c = value.charAt(i);
        if ((c < 0x20 && c != '\t') || c >= 0x7f) {
          throw new IllegalArgumentException(
              "the value of header "
                  + name
                  + " has a character at position "
                  + i
                  + " that no header can carry; remove it");
        }
      }
      headers.put(name.toLowerCase(Locale.ROOT), value);
      return this;
    }

    /** Sets the body to the text's UTF-8 bytes. */
    public Builder body(String text) {
      body = text.getBytes(StandardCharsets.UTF_8);
      return this;
    }

    /** Returns the request. */
    public WireRequest build() {
      return new WireRequest(this);
    }
  }
}
