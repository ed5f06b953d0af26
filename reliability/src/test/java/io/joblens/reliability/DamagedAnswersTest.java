package io.joblens.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblens.reliability.Reading.End;
import io.joblens.spi.Call;
import io.joblens.spi.WireResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Lets every reader of answers read what it should not get: right answers with bytes, values or
 * fields changed, cut, spliced or under another status. See docs/reliability.md for the command.
 */
class DamagedAnswersTest {
  private static final int COUNT = Integer.getInteger("damage.count", 1_000_000);
  private static final long SEED = Long.getLong("damage.seed", 1);

  /** So many different ways to fail are shown, one example each. */
  private static final int SHOWN = 20;

  private static final Duration LONGEST = Duration.ofSeconds(1);

  private final List<Reading> readings = Reading.all();
  private final Answers answers = Answers.all();
  private final List<Answer> flat = answers.flat();

  /** One reading of a damaged answer: everything in it follows from its number. */
  private final class Attempt {
    private final Reading reading;
    private final Damage damage;
    private final String damagedAction;
    private final Map<String, WireResponse> given = new HashMap<>();

    Attempt(long number) {
      damage = new Damage(number * 0x9e3779b97f4a7c15L + SEED, flat);
      reading = readings.get((int) Math.floorMod(number, (long) readings.size()));
      List<String> actions = reading.actions();
      damagedAction = actions.get(damage.choice(actions.size()));
    }

    private WireResponse answer(Call call) {
      return given.computeIfAbsent(call.action(), this::make);
    }

    private WireResponse make(String action) {
      String provider = reading.provider().id().value();
      List<Answer> right = answers.of(provider, action);
      if (!action.equals(damagedAction)) {
        return right.get(damage.choice(right.size())).response();
      }
      if (damage.choice(10) == 0) {
        right = answers.errors(provider);
      }
      Answer one = right.get(damage.choice(right.size()));
      Answer other = right.get(damage.choice(right.size()));
      // in a short answer more of the changes are where something is read
      return damage.damaged(one.text().length() < other.text().length() ? one : other);
    }

    End run() {
      return reading.run(this::answer);
    }

    @Override
    public String toString() {
      return reading
          + given.entrySet().stream()
              .map(
                  entry ->
                      "\n    %s%s: %s %s"
                          .formatted(
                              entry.getKey(),
                              entry.getKey().equals(damagedAction) ? " (damaged)" : "",
                              entry.getValue(),
                              shown(entry.getValue())))
              .collect(Collectors.joining());
    }

    private String shown(WireResponse response) {
      String text = new String(response.body(), StandardCharsets.UTF_8);
      return text.length() > 2000 ? text.substring(0, 2000) + "…" : text;
    }
  }

  @Test
  void everyReaderReadsWhatIsRight() {
    for (Reading reading : readings) {
      List<End> ends = new ArrayList<>();
      String provider = reading.provider().id().value();
      int most =
          reading.actions().stream().mapToInt(a -> answers.of(provider, a).size()).max().orElse(0);
      for (int i = 0; i < most; i++) {
        int number = i;
        ends.add(
            reading.run(
                call -> {
                  List<Answer> right = answers.of(provider, call.action());
                  return right.get(number % right.size()).response();
                }));
      }
      assertThat(ends).as(reading.toString()).contains(End.VALUE);
    }
  }

  @Test
  @Timeout(value = 15, unit = TimeUnit.MINUTES)
  void everyDamagedAnswerEndsInRowsOrInATypedError() {
    Map<String, String> wrong = new ConcurrentSkipListMap<>();
    long start = System.nanoTime();
    Map<End, Long> ends =
        LongStream.range(0, COUNT)
            .parallel()
            .takeWhile(number -> wrong.size() < SHOWN)
            .mapToObj(number -> attempt(number, wrong))
            .flatMap(Optional::stream)
            .collect(Collectors.groupingBy(end -> end, Collectors.counting()));
    System.out.printf(
        Locale.ROOT,
        "[FIGURE] damaged answers: %,d read by %d readers, seed %d: %,d read all the same, %,d"
            + " errors of the vendor, %,d unreadable; %d ended otherwise; %d s%n",
        COUNT,
        readings.size(),
        SEED,
        ends.getOrDefault(End.VALUE, 0L),
        ends.getOrDefault(End.REFUSED, 0L),
        ends.getOrDefault(End.UNREADABLE, 0L),
        wrong.size(),
        Duration.ofNanos(System.nanoTime() - start).toSeconds());
    assertThat(wrong.values()).isEmpty();
  }

  private Optional<End> attempt(long number, Map<String, String> wrong) {
    Attempt attempt = new Attempt(number);
    long begun = System.nanoTime();
    try {
      End end = attempt.run();
      if (System.nanoTime() - begun > LONGEST.toNanos()) {
        requireFast(new Attempt(number));
      }
      return Optional.of(end);
    } catch (RuntimeException | Error e) {
      wrong.putIfAbsent(kind(attempt, e), describe(number, attempt, e));
      return Optional.empty();
    }
  }

  /** A machine that is busy with other things is late too; twice is no accident. */
  private static void requireFast(Attempt attempt) {
    long begun = System.nanoTime();
    attempt.run();
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(LONGEST);
  }

  private static String kind(Attempt attempt, Throwable problem) {
    StackTraceElement[] trace = problem.getStackTrace();
    String message = String.valueOf(problem.getMessage());
    return attempt.reading
        + problem.getClass().getName()
        + message.substring(0, Math.min(30, message.length()))
        + (trace.length > 0 && !(problem instanceof AssertionError) ? trace[0] : "");
  }

  private static String describe(long number, Attempt attempt, Throwable problem) {
    return "-Ddamage.seed=%d, number %d: %s%n  %s%n    %s"
        .formatted(
            SEED,
            number,
            attempt,
            problem,
            List.of(problem.getStackTrace()).stream()
                .limit(12)
                .map(StackTraceElement::toString)
                .collect(Collectors.joining("\n    ")));
  }
}
