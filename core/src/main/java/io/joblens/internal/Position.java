package io.joblens.internal;

import io.joblens.PageToken;
import io.joblens.PagingException;
import io.joblens.spi.Json;
import io.joblens.spi.JsonReader;
import io.joblens.spi.Scope;
import io.joblens.spi.WireDataException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a listing stands, between two pages. It holds ids and numbers, never a secret.
 *
 * @param todo the scopes to read, the current one first
 * @param searched whether scopes were looked for yet
 * @param more how to find the scopes after those; empty when there are no more
 * @param offset how many rows of the current scope were read, counted as the vendor counts them;
 *     for a listing by ids, how many were asked
 * @param begin rows before the first page of the scope that began as the last one did
 * @param first the id of the first row of the last page, null at the beginning of a scope
 * @param overlap with how many of its last rows the next page is to begin
 * @param tail the latest runs that were read of the scope, in their order
 * @param earlier the latest runs that were read of other slices of the same path
 * @param depth how much of a path it takes to be the same, where narrower scopes stand in place of
 *     a slice of it; 0 for all
 * @param delivered runs given to the user so far
 * @param read different rows of the current scope so far
 * @param barren how many pages in a row brought nothing new
 * @param atOnce rows that the vendor gives at once, where that is less than was asked for; else 0
 * @param cut whether runs were or may have been left out, or given twice, so far
 * @param good how many scopes were read to their end
 */
record Position(
    List<Scope> todo,
    boolean searched,
    Optional<String> more,
    long offset,
    long begin,
    @Nullable String first,
    int overlap,
    List<Long> tail,
    List<Long> earlier,
    int depth,
    long delivered,
    long read,
    int barren,
    int atOnce,
    boolean cut,
    int good) {
  private static final int VERSION = 3;

  static Position start() {
    return at(List.of(), false, Optional.empty(), List.of(), 0, 0, false, 0);
  }

  /** Returns the beginning of the first of these scopes. */
  private static Position at(
      List<Scope> scopes,
      boolean searched,
      Optional<String> more,
      List<Long> earlier,
      int depth,
      long delivered,
      boolean cut,
      int good) {
    return new Position(
        scopes, searched, more, 0, 0, null, 0, List.of(), earlier, depth, delivered, 0, 0, 0, cut,
        good);
  }

  /**
   * @param left whether something was left out on the way
   */
  Position withScopes(List<Scope> scopes, Optional<String> next, boolean left) {
    return at(scopes, true, next, List.of(), 0, delivered, cut || left, good);
  }

  /**
   * @param latest the latest runs that were read of the scope
   */
  Position afterScope(List<Long> latest, long deliveredNow, boolean leftOut) {
    return afterScope(latest, deliveredNow, leftOut, good + 1);
  }

  private Position afterScope(List<Long> latest, long deliveredNow, boolean leftOut, int goodNow) {
    List<Scope> rest = todo.subList(1, todo.size());
    boolean left = cut || leftOut;
    return staysInPath()
        ? at(rest, searched, more, earlierWith(latest), depth, deliveredNow, left, goodNow)
        : at(rest, searched, more, List.of(), 0, deliveredNow, left, goodNow);
  }

  /** Begins anew with these scopes in place of the current one. */
  Position withInstead(List<Scope> narrower) {
    List<Scope> scopes = new ArrayList<>(narrower);
    scopes.addAll(todo.subList(1, todo.size()));
    boolean isOnlySlice = earlier.isEmpty() && !staysInPath();
    int same = depth > 0 || isOnlySlice ? depth : todo.get(0).path().size();
    return at(scopes, searched, more, earlierWith(tail), same, delivered, cut, good);
  }

  /** Goes on without the current scope, of which the vendor gives nothing. */
  Position withoutScope() {
    return afterScope(tail, delivered, true, good);
  }

  /** Tells whether the next scope is another slice of the same path. */
  boolean staysInPath() {
    return todo.size() > 1
        && path(todo.get(1)).equals(path(todo.get(0)))
        && todo.get(1).region().equals(todo.get(0).region());
  }

  private List<String> path(Scope scope) {
    List<String> path = scope.path();
    return depth > 0 ? path.subList(0, Math.min(depth, path.size())) : path;
  }

  private List<Long> earlierWith(List<Long> latest) {
    Set<Long> both = new LinkedHashSet<>(earlier);
    both.removeAll(latest);
    both.addAll(latest);
    return List.copyOf(both).subList(Math.max(0, both.size() - SeenRuns.MEMORY), both.size());
  }

  /** Tells whether a scope that cannot be read leaves the listing with something to show. */
  boolean canSkip() {
    return good > 0 || todo.size() > 1 || more.isPresent();
  }

  Position afterIds(long asked, long deliveredNow) {
    return at(todo, searched, more, List.of(), 0, deliveredNow, cut, good).at(asked);
  }

  /**
   * @param leftOut whether a run may have been left out, or given twice
   */
  Position afterPage(
      long newOffset,
      long newBegin,
      @Nullable String newFirst,
      int newOverlap,
      List<Long> newTail,
      long deliveredNow,
      long nowRead,
      int idle,
      int nowAtOnce,
      boolean leftOut) {
    return new Position(
        todo,
        searched,
        more,
        newOffset,
        newBegin,
        newFirst,
        newOverlap,
        newTail,
        earlier,
        depth,
        deliveredNow,
        nowRead,
        idle,
        nowAtOnce,
        cut || leftOut,
        good);
  }

  Position at(long newOffset) {
    return new Position(
        todo, searched, more, newOffset, begin, first, overlap, tail, earlier, depth, delivered,
        read, barren, atOnce, cut, good);
  }

  PageToken toToken(String fingerprint) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("v", VERSION);
    map.put("h", fingerprint);
    map.put("t", todo.stream().map(s -> List.of(s.region(), s.path(), s.slice())).toList());
    map.put("s", searched);
    map.put("m", more.orElse(null));
    map.put("o", offset);
    map.put("p", begin);
    map.put("f", first);
    map.put("w", overlap);
    map.put("l", text(tail));
    map.put("e", text(earlier));
    map.put("n", depth);
    map.put("d", delivered);
    map.put("r", read);
    map.put("b", barren);
    map.put("a", atOnce);
    map.put("c", cut);
    map.put("g", good);
    byte[] json = Json.write(map).getBytes(StandardCharsets.UTF_8);
    return new PageToken(Base64.getUrlEncoder().withoutPadding().encodeToString(json));
  }

  private static String text(List<Long> marks) {
    ByteBuffer bytes = ByteBuffer.allocate(marks.size() * Long.BYTES);
    marks.forEach(bytes::putLong);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
  }

  /** Reads a token; a foreign one is an error before any I/O. */
  static Position parse(PageToken token, String fingerprint) {
    Reader reader = new Reader();
    try {
      JsonReader.<Boolean>read(
          Base64.getUrlDecoder().decode(token.value()),
          json -> json.object(name -> reader.field(name, json)));
    } catch (WireDataException | IllegalArgumentException e) {
      throw invalid("it is no page token, or only a part of one");
    }
    if (reader.version != VERSION) {
      throw invalid("it was made by another version; begin the listing anew");
    }
    if (!fingerprint.equals(reader.fingerprint)) {
      throw invalid("it belongs to another query or another cloud");
    }
    return reader.position();
  }

  /** Returns what is said of a token that cannot be resumed. */
  static PagingException invalid(String problem) {
    return new PagingException(PagingException.Kind.INVALID_TOKEN, problem);
  }

  private static final class Reader {
    private final List<Scope> todo = new ArrayList<>();
    private Optional<String> more = Optional.empty();
    private boolean searched;
    private final Map<String, Long> numbers = new LinkedHashMap<>();
    private @Nullable String first;
    private List<Long> tail = List.of();
    private List<Long> earlier = List.of();
    private @Nullable String fingerprint;
    private long version;
    private boolean cut;

    void field(String name, JsonReader json) {
      switch (name) {
        case "v" -> version = number(json);
        case "h" -> fingerprint = json.exactText();
        case "t" -> json.array(() -> todo.add(scope(json)));
        case "c" -> cut = Boolean.TRUE.equals(json.bool());
        case "s" -> searched = Boolean.TRUE.equals(json.bool());
        case "m" -> more = Optional.ofNullable(json.exactText());
        case "f" -> first = json.exactText();
        case "l" -> tail = marks(json);
        case "e" -> earlier = marks(json);
        default -> numbers.put(name, number(json));
      }
    }

    private static long number(JsonReader json) {
      Long number = json.integer();
      // what no vendor can count to, and what would make endless work of a page
      if (number == null || number < 0 || number > Integer.MAX_VALUE) {
        throw json.wrong("is not a count");
      }
      return number;
    }

    private static List<Long> marks(JsonReader json) {
      String text = json.exactText();
      byte[] bytes = Base64.getUrlDecoder().decode(text == null ? "" : text);
      if (bytes.length % Long.BYTES != 0 || bytes.length > SeenRuns.MEMORY * Long.BYTES) {
        throw json.wrong("is no memory of runs");
      }
      List<Long> marks = new ArrayList<>();
      for (ByteBuffer rest = ByteBuffer.wrap(bytes); rest.hasRemaining(); ) {
        marks.add(rest.getLong());
      }
      return marks;
    }

    private static Scope scope(JsonReader json) {
      if (json.value() instanceof List<?> parts
          && parts.size() == 3
          && parts.get(0) instanceof String region
          && parts.get(1) instanceof List<?> path
          && parts.get(2) instanceof String slice) {
        return new Scope(region, path.stream().map(String::valueOf).toList(), slice);
      }
      throw json.wrong("is not a scope");
    }

    Position position() {
      if (count("w") > Window.OVERLAP || count("p") > count("o")) {
        throw invalid("it was changed");
      }
      return new Position(
          todo,
          searched,
          more,
          count("o"),
          count("p"),
          first,
          (int) count("w"),
          tail,
          earlier,
          (int) count("n"),
          count("d"),
          count("r"),
          (int) count("b"),
          (int) count("a"),
          cut,
          (int) count("g"));
    }

    private long count(String name) {
      return numbers.getOrDefault(name, 0L);
    }
  }
}
