package io.joblens.huawei.workspace;

import static io.joblens.huawei.workspace.WorkspaceErrors.ERRORS;

import io.joblens.JobRun;
import io.joblens.RawJson;
import io.joblens.RunRef;
import io.joblens.TaskCounts;
import io.joblens.huawei.HuaweiErrors.Envelope;
import io.joblens.spi.Call;
import io.joblens.spi.JsonReader;
import io.joblens.spi.Masking;
import io.joblens.spi.Scope;
import io.joblens.spi.Slice;
import io.joblens.spi.StateTable.Meaning;
import io.joblens.spi.Step;
import io.joblens.spi.Text;
import io.joblens.spi.WireDataException;
import io.joblens.spi.WireResponse;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads answers, and what their parts have in common. Source:
 * support.huaweicloud.com/intl/en-us/api-workspace, page ListTaskExecuteHistory.
 */
final class WorkspaceResponses {
  /** No field of these answers holds a secret. */
  static final Masking MASKING = Masking.NONE;

  private static final List<String> RUN_TEXTS =
      List.of("id", "task_id", "status", "begin_time", "end_time", "create_time");

  // "excuting" is the vendor's spelling
  private static final List<String> RUN_COUNTS =
      List.of("total_count", "success_count", "failed_count", "excuting_count");

  private static final Set<String> NEUTRAL_RUN_FIELDS =
      Stream.of(RUN_TEXTS, RUN_COUNTS).flatMap(List::stream).collect(Collectors.toSet());

  // The API's example has 2022-03-07T10:40:43.858Z. Huawei's own reader (ObjectMapper of
  // github.com/huaweicloud/huaweicloud-sdk-java-v3, core) also takes a blank for the T, and a
  // missing offset as UTC. Here offsets may be without a colon too.
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .appendValue(ChronoField.YEAR, 4) // no more: the year 99999 is no time
          .appendPattern("-MM-dd['T'][ ]")
          .append(DateTimeFormatter.ISO_LOCAL_TIME)
          .appendPattern("[XXX][XX]")
          .toFormatter(Locale.ROOT)
          .withResolverStyle(ResolverStyle.STRICT); // else 30 February is the 28th

  private WorkspaceResponses() {}

  /** Reads one page of a task's history. */
  static Step<Slice> history(Call call, Scope task, WireResponse response) {
    return page(
        call, response, json -> run(json, task), (rows, count) -> new Slice(rows, count, false));
  }

  /**
   * Reads a page of any of the lists, envelope and rows in one pass.
   *
   * @param row reads one of {@code items}
   * @param value makes the page of the rows and of {@code count}
   */
  static <T, R> Step<R> page(
      Call call,
      WireResponse response,
      Function<JsonReader, T> row,
      BiFunction<List<T>, OptionalLong, R> value) {
    return ERRORS.read(
        call,
        response,
        () -> {
          Page<T> page = new Page<>();
          JsonReader.read(response.body(), json -> page.read(json, row));
          return page.envelope.unlessError(
              call, response, () -> value.apply(page.rows(), page.claimed()));
        });
  }

  /**
   * Tells whether there is nothing behind a page: a short one is not believed against the vendor's
   * own count.
   *
   * @param read how many rows were read with this page
   */
  static boolean isLast(int rows, OptionalLong claimed, long read) {
    return rows == 0 || (rows < WorkspaceProvider.MAX_PAGE && claimed.orElse(0) <= read);
  }

  private static JobRun.Builder run(JsonReader json, Scope task) {
    Map<String, String> texts = new HashMap<>();
    Map<String, Long> counts = new HashMap<>();
    Consumer<String> field =
        name -> {
          if (RUN_TEXTS.contains(name)) {
            put(texts, name, json.text());
          } else if (RUN_COUNTS.contains(name)) {
            put(counts, name, json.integer());
          }
        };
    RawJson raw = json.rawObject(MASKING, field);
    String status = texts.getOrDefault("status", "");
    Meaning meaning = WorkspaceStates.of(status);
    JobRun.Builder run =
        JobRun.builder(ref(task, texts.getOrDefault("id", "")))
            .raw(raw, NEUTRAL_RUN_FIELDS)
            .state(meaning.state(), meaning.finality(), status);
    run.tasks(counts(counts, run::note));
    run.createdAt(time(texts, "create_time", run::note))
        .startedAt(time(texts, "begin_time", run::note))
        .finishedAt(time(texts, "end_time", run::note));
    String taskId = texts.getOrDefault("task_id", task.path().get(1));
    if (!taskId.equals(task.path().get(1))) {
      run.note("task_id names another task: " + Text.printable(taskId));
    }
    return run;
  }

  /** Returns the reference under the task that was asked, where the record can be read again. */
  private static RunRef ref(Scope task, String id) {
    try {
      List<String> path = task.path();
      return new RunRef(HuaweiWorkspace.ID, task.region(), List.of(path.get(0), path.get(1), id));
    } catch (IllegalArgumentException e) {
      throw new WireDataException("/items", "has a row whose " + e.getMessage());
    }
  }

  private static TaskCounts counts(Map<String, Long> counts, Consumer<String> odd) {
    counts
        .entrySet()
        .removeIf(
            count -> {
              if (count.getValue() < 0) {
                odd.accept(count.getKey() + " " + count.getValue() + " left out: it is no count");
              }
              return count.getValue() < 0;
            });
    return TaskCounts.builder()
        .total(counts.get("total_count"))
        .succeeded(counts.get("success_count"))
        .failed(counts.get("failed_count"))
        .running(counts.get("excuting_count"))
        .build();
  }

  /**
   * Returns the time; one that cannot be read is absent, and the row survives.
   *
   * @param odd told of a text that is not, or not quite, a time
   */
  static @Nullable Instant time(Map<String, String> texts, String field, Consumer<String> odd) {
    String text = texts.get(field);
    if (text == null) {
      return null;
    }
    try {
      TemporalAccessor time = TIME.parse(text.strip());
      if (time.isSupported(ChronoField.INSTANT_SECONDS)) {
        return Instant.from(time);
      }
      odd.accept("zone of " + field + " assumed UTC");
      return LocalDateTime.from(time).toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      odd.accept(field + " is unreadable: '" + Text.printable(text) + "'");
      return null;
    }
  }

  static <T> void put(Map<String, T> map, String key, @Nullable T value) {
    if (value != null) {
      map.put(key, value);
    }
  }

  /** What is read of a page while it is read. */
  private static final class Page<T> {
    private final Envelope envelope = ERRORS.envelope();
    private final List<T> rows = new ArrayList<>();
    private boolean hasItems;
    private long count = -1;

    private Page<T> read(JsonReader json, Function<JsonReader, T> row) {
      json.requiredObject(
          field -> {
            if (field.equals("items")) {
              hasItems = json.array(() -> rows.add(row.apply(json)));
            } else if (field.equals("count")) {
              count = Objects.requireNonNullElse(json.integer(), -1L);
            } else {
              envelope.take(json, field);
            }
          });
      return this;
    }

    private List<T> rows() {
      // A list of nothing may come without items, but only where the count says so too. Else the
      // count is a claim: the examples on the API's pages count 0 beside one item.
      if (!hasItems && count != 0) {
        throw new WireDataException("/items", "is missing");
      }
      return rows;
    }

    private OptionalLong claimed() {
      return count < 0 ? OptionalLong.empty() : OptionalLong.of(count);
    }
  }
}
