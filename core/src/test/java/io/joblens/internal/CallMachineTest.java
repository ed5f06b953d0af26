package io.joblens.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblens.CallTimeoutException;
import io.joblens.JobCancelledException;
import io.joblens.JobDataException;
import io.joblens.JobException;
import io.joblens.JobServiceException;
import io.joblens.JobServiceException.Kind;
import io.joblens.JobTransportException;
import io.joblens.QuotaExceededException;
import io.joblens.internal.CallMachine.Action;
import io.joblens.internal.CallMachine.Event;
import io.joblens.internal.CallMachine.Now;
import io.joblens.spi.Call;
import io.joblens.spi.Credentials;
import io.joblens.spi.JsonReader;
import io.joblens.spi.Quota;
import io.joblens.spi.Rate;
import io.joblens.spi.ServiceError;
import io.joblens.spi.Signer;
import io.joblens.spi.Step;
import io.joblens.spi.TransportFailure;
import io.joblens.spi.WireDataException;
import io.joblens.spi.WireRequest;
import io.joblens.spi.WireResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallMachineTest {
  private static final Credentials KEY =
      Credentials.temporary("key-1", "secret-canary-secret-1", "token-canary-token-token-1", null);
  private static final Credentials KEY2 = Credentials.accessKey("key-2", "secret-canary-secret-2");
  private static final Duration DEADLINE = Duration.ofSeconds(100);

  private StubProvider provider = new StubProvider();
  private final EndpointMemory memory = new EndpointMemory();
  private Credentials key = KEY;
  private Credentials nextKey = KEY2;
  private int nonces;
  private long nanos = -5_000_000_000L; // a monotonic clock may be negative
  private Instant wall = TestTime.START;
  private final long begin = nanos;

  private CallMachine<String> machine(boolean repeatable, boolean signed) {
    return machine(repeatable, signed, response -> Step.done(text(response)));
  }

  private CallMachine<String> machine(
      boolean repeatable, boolean signed, Function<WireResponse, Step<String>> then) {
    return machine(repeatable, signed, then, error -> Optional.empty());
  }

  private CallMachine<String> machine(
      boolean repeatable,
      boolean signed,
      Function<WireResponse, Step<String>> then,
      Function<ServiceError, Optional<Step<String>>> recover) {
    Call call =
        new Call(
            "DoIt",
            new Quota("q", Rate.perSecond(1)),
            repeatable,
            signed,
            WireRequest.get(provider.endpoint).path("/x").build());
    return machine(new Step.Ask<>(call, then, recover));
  }

  private CallMachine<String> machine(Step.Ask<String> ask) {
    return new CallMachine<>(
        ask,
        provider,
        () -> "nonce-" + ++nonces,
        new RetryPolicy(() -> 0.5),
        Duration.ofSeconds(40),
        memory,
        begin + DEADLINE.toNanos());
  }

  private Now now() {
    return new Now(nanos, wall);
  }

  private void pass(Duration time) {
    nanos += time.toNanos();
    wall = wall.plus(time);
  }

  private static String text(WireResponse response) {
    return new String(response.body(), java.nio.charset.StandardCharsets.UTF_8);
  }

  /** Drives the machine to its end with these exchanges, letting all waits pass. */
  private Driven drive(CallMachine<String> machine, Event... exchanges) {
    List<Event> left = new ArrayList<>(List.of(exchanges));
    List<Action<String>> actions = new ArrayList<>();
    Action<String> action = machine.start(now());
    while (true) {
      actions.add(action);
      if (action instanceof Action.Acquire<String>) {
        action = machine.on(new Event.Acquired(Duration.ZERO), now());
      } else if (action instanceof Action.Depart<String>) {
        action = machine.on(new Event.Cleared(Duration.ZERO), now());
      } else if (action instanceof Action.Sleep<String> sleep) {
        pass(sleep.time());
        action = machine.on(new Event.Slept(), now());
      } else if (action instanceof Action.Authenticate<String> authenticate) {
        boolean again =
            authenticate.rejected().isPresent() || actions.stream().anyMatch(a -> isRefresh(a));
        action = machine.on(new Event.Authenticated(again ? nextKey : key), now());
      } else if (action instanceof Action.Send<String>) {
        action = machine.on(left.remove(0), now());
      } else {
        assertThat(left).as("exchanges that nobody asked for").isEmpty();
        return new Driven(actions, machine);
      }
    }
  }

  private static boolean isRefresh(Action<String> action) {
    return action instanceof Action.Authenticate<String> authenticate
        && authenticate.rejected().isPresent();
  }

  private record Driven(List<Action<String>> actions, CallMachine<String> machine) {
    Action<String> last() {
      return actions.get(actions.size() - 1);
    }

    JobException problem() {
      return ((Action.Fail<String>) last()).problem();
    }

    List<WireRequest> sent() {
      return actions.stream()
          .filter(Action.Send.class::isInstance)
          .map(action -> ((Action.Send<String>) action).request())
          .toList();
    }

    List<Duration> slept() {
      return actions.stream()
          .filter(Action.Sleep.class::isInstance)
          .map(action -> ((Action.Sleep<String>) action).time())
          .toList();
    }

    long count(Class<?> kind) {
      return actions.stream().filter(kind::isInstance).count();
    }
  }

  private static Event answered(int status, String body) {
    return new Event.Answered(StubTransport.response(status, body));
  }

  private static Event broken(TransportFailure.Kind kind) {
    return new Event.Broken(new TransportFailure(kind, "it was " + kind));
  }

  @Test
  void oneAttemptAcquiresAuthenticatesSendsAndProceeds() {
    Driven driven = drive(machine(true, true), answered(200, "fine"));
    assertThat(driven.actions().stream().map(action -> action.getClass().getSimpleName()))
        .containsExactly("Acquire", "Authenticate", "Depart", "Send", "Proceed");
    assertThat(((Action.Proceed<String>) driven.last()).step()).isEqualTo(Step.done("fine"));
    assertThat(driven.machine().attempts()).isEqualTo(1);
  }

  @Test
  void anUnsignedCallNeedsNoCredentials() {
    Driven driven = drive(machine(true, false), answered(200, "fine"));
    assertThat(driven.count(Action.Authenticate.class)).isZero();
    assertThat(driven.sent().get(0).header("x-key")).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"THROTTLED", "UNAVAILABLE", "SERVER_ERROR"})
  void whatPassesByItselfIsTriedThreeTimesWithANewNonceAndDate(Kind kind) {
    Event error = answered(503, kind.name());
    Driven driven = drive(machine(true, true), error, error, error);
    assertThat(driven.problem()).isInstanceOf(JobServiceException.class);
    assertThat(((JobServiceException) driven.problem()).kind()).isEqualTo(kind);
    assertThat(driven.machine().attempts()).isEqualTo(3);
    assertThat(driven.sent()).hasSize(3);
    assertThat(driven.sent().stream().map(r -> r.header("x-nonce").orElse("")).distinct())
        .hasSize(3);
    assertThat(driven.sent().stream().map(r -> r.header("x-date").orElse("")).distinct())
        .hasSize(3);
    assertThat(driven.count(Action.Acquire.class)).isEqualTo(3);
    assertThat(driven.slept()).hasSize(2);
    assertThat(driven.slept().get(1)).isGreaterThan(driven.slept().get(0));
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"THROTTLED", "UNAVAILABLE", "SERVER_ERROR", "EXPIRED_CREDENTIALS"})
  void whatDoesNotPassIsNotTriedAgain(Kind kind) {
    Driven driven = drive(machine(true, true), answered(400, kind.name()));
    assertThat(((JobServiceException) driven.problem()).kind()).isEqualTo(kind);
    assertThat(driven.machine().attempts()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(
      value = TransportFailure.Kind.class,
      names = {"CONNECT", "CONNECTION_LOST", "ATTEMPT_TIMEOUT"})
  void abrokenExchangeIsTriedThreeTimes(TransportFailure.Kind kind) {
    Driven driven = drive(machine(true, true), broken(kind), broken(kind), broken(kind));
    JobTransportException problem = (JobTransportException) driven.problem();
    assertThat(problem.kind().name()).isEqualTo(kind.name());
    assertThat(driven.machine().attempts()).isEqualTo(3);
  }

  @Test
  void aNameThatNobodyKnowsIsTriedTwice() {
    Event unknown = broken(TransportFailure.Kind.DNS);
    Driven driven = drive(machine(true, true), unknown, unknown);
    assertThat(((JobTransportException) driven.problem()).kind())
        .isEqualTo(JobTransportException.Kind.DNS);
    assertThat(driven.machine().attempts()).isEqualTo(2);
  }

  @Test
  void tlsIsNotTriedAgain() {
    Driven driven = drive(machine(true, true), broken(TransportFailure.Kind.TLS));
    assertThat(((JobTransportException) driven.problem()).kind())
        .isEqualTo(JobTransportException.Kind.TLS);
  }

  @Test
  void anAnswerThatIsTooLargeIsADataProblemAndNotTriedAgain() {
    Driven driven = drive(machine(true, true), broken(TransportFailure.Kind.TOO_LARGE));
    assertThat(((JobDataException) driven.problem()).kind())
        .isEqualTo(JobDataException.Kind.TOO_LARGE);
  }

  @Test
  void anAnswerThatIsBrokenHttpIsADataProblemAfterThreeAttempts() {
    Event event = broken(TransportFailure.Kind.MALFORMED);
    Driven driven = drive(machine(true, true), event, event, event);
    assertThat(((JobDataException) driven.problem()).kind())
        .isEqualTo(JobDataException.Kind.MALFORMED);
  }

  @Test
  void anAnswerThatEndsTooEarlyIsTriedAgainAndOneThatIsNoJsonIsNot() {
    Function<WireResponse, Step<String>> json =
        response -> {
          JsonReader.readTree(response.body());
          return Step.done(text(response));
        };
    Driven recovered =
        drive(machine(true, true, json), answered(200, "{\"a\":[1,"), answered(200, "[2]"));
    assertThat(recovered.last()).isEqualTo(new Action.Proceed<>(Step.done("[2]")));

    Driven empty =
        drive(machine(true, true, json), answered(200, ""), answered(204, ""), answered(200, " "));
    assertThat(empty.problem()).isInstanceOf(JobDataException.class);

    Driven page = drive(machine(true, true, json), answered(200, "<html>"));
    assertThat(page.problem()).isInstanceOf(JobDataException.class);
  }

  private Event answeredAt(Instant date, int status, String body) {
    String text = DateTimeFormatter.RFC_1123_DATE_TIME.format(date.atOffset(ZoneOffset.UTC));
    return new Event.Answered(
        new WireResponse(
            status,
            Map.of("date", List.of(text)),
            body.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
  }

  @ParameterizedTest
  @ValueSource(ints = {-16, 16, 300, -300})
  void aClockThatIsOffIsCorrectedOnceByTheServersDateAndTheCorrectionKept(int minutes) {
    Duration skew = Duration.ofMinutes(minutes);
    Driven driven =
        drive(
            machine(true, true),
            answeredAt(wall.plus(skew), 401, "CLOCK_SKEW"),
            answered(200, "fine"));

    assertThat(driven.last()).isEqualTo(new Action.Proceed<>(Step.done("fine")));
    assertThat(driven.sent().get(1).header("x-date")).contains(wall.plus(skew).toString());
    assertThat(driven.slept()).as("there is nothing to wait for").isEmpty();

    Driven next = drive(machine(true, true), answered(200, "fine"));
    assertThat(next.sent().get(0).header("x-date")).contains(wall.plus(skew).toString());
  }

  @Test
  void aClockThatTheCorrectionDoesNotHelpFailsAfterTwoAttempts() {
    Driven driven =
        drive(
            machine(true, true),
            answeredAt(wall.plusSeconds(960), 401, "CLOCK_SKEW"),
            answeredAt(wall.plusSeconds(7200), 401, "CLOCK_SKEW"));
    assertThat(((JobServiceException) driven.problem()).kind()).isEqualTo(Kind.CLOCK_SKEW);
    assertThat(driven.machine().attempts()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "yesterday", "Wed, 45 May 2024 12:00:30 GMT", "1714564800"})
  void withoutADateToTrustTheClockIsNotCorrected(String date) {
    Event event =
        new Event.Answered(
            new WireResponse(
                401,
                Map.of("date", List.of(date)),
                "CLOCK_SKEW".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    assertThat(((JobServiceException) drive(machine(true, true), event).problem()).kind())
        .isEqualTo(Kind.CLOCK_SKEW);
    assertThat(memory.clockOffset()).isZero();
  }

  @Test
  void aServerWhoseDateIsOursIsNotAskedAgain() {
    drive(machine(true, true), answeredAt(wall.plusSeconds(29), 401, "CLOCK_SKEW"));
    assertThat(memory.clockOffset()).isZero();
  }

  @Test
  void aCallThatIsSentOnceIsNotSentAgainButCorrectsTheClockForTheNext() {
    Driven driven =
        drive(machine(false, true), answeredAt(wall.plusSeconds(960), 401, "CLOCK_SKEW"));
    assertThat(driven.sent()).hasSize(1);
    assertThat(memory.clockOffset()).isEqualTo(Duration.ofMinutes(16));
  }

  @Test
  void theHeaderOfAllServersIsReadWhereTheVendorSaysNothing() {
    Event busy =
        new Event.Answered(
            new WireResponse(
                503,
                Map.of("Retry-After", List.of("9")),
                "UNAVAILABLE".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    assertThat(drive(machine(true, true), busy, answered(200, "fine")).slept())
        .containsExactly(Duration.ofSeconds(9));
  }

  @Test
  void aCallWaitsWhenTheOneBeforeItWentOutLate() {
    CallMachine<String> machine = machine(true, false);
    machine.start(now());
    assertThat(machine.on(new Event.Acquired(Duration.ZERO), now()))
        .isEqualTo(new Action.Depart<String>());
    assertThat(machine.on(new Event.Cleared(Duration.ofSeconds(1)), now()))
        .isEqualTo(new Action.Sleep<String>(Duration.ofSeconds(1)));
    assertThat(machine.on(new Event.Slept(), now())).isEqualTo(new Action.Depart<String>());
    assertThat(machine.on(new Event.Cleared(Duration.ZERO), now())).isInstanceOf(Action.Send.class);
    assertThat(machine.attempts()).isOne();
  }

  @Test
  void aCallThatWouldHaveToWaitTooLongIsNotSent() {
    CallMachine<String> machine = machine(true, false);
    machine.start(now());
    assertThat(machine.on(new Event.Acquired(Duration.ZERO), now())).isNotNull();
    assertThat(machine.on(new Event.Cleared(DEADLINE.plusSeconds(1)), now()))
        .isInstanceOfSatisfying(
            Action.Fail.class,
            fail -> assertThat(fail.problem()).isInstanceOf(QuotaExceededException.class));
  }

  @Test
  void whileAllCallsFailTheyCostHardlyMoreThanOneRequestEach() {
    Event down = answered(503, "UNAVAILABLE");
    int requests = 0;
    for (int call = 0; call < 200; call++) {
      CallMachine<String> machine = machine(true, true);
      List<Event> exchanges = List.of(down, down, down);
      requests += driveAsFarAsItGoes(machine, exchanges);
    }
    assertThat(requests).isEqualTo(205);

    Driven recovered = drive(machine(true, true), answered(200, "fine"));
    assertThat(recovered.last()).isInstanceOf(Action.Proceed.class);
  }

  @Test
  void troubleThatPassesNeverUsesUpTheRetries() {
    for (int call = 0; call < 1000; call++) {
      nanos = begin;
      Driven driven =
          drive(machine(true, true), answered(503, "UNAVAILABLE"), answered(200, "fine"));
      assertThat(driven.last()).isInstanceOf(Action.Proceed.class);
    }
  }

  @Test
  void callsThatSucceedBringTheRetriesBack() {
    Event down = answered(503, "UNAVAILABLE");
    for (int call = 0; call < 20; call++) {
      driveAsFarAsItGoes(machine(true, true), List.of(down, down, down));
    }
    assertThat(driveAsFarAsItGoes(machine(true, true), List.of(down, down, down))).isOne();
    for (int call = 0; call < 20; call++) {
      drive(machine(true, true), answered(200, "fine"));
    }
    assertThat(driveAsFarAsItGoes(machine(true, true), List.of(down, down, down))).isEqualTo(3);
  }

  @Test
  void asManyCallsAsWereUnderWayAtOnceMayBeTriedAgainAtOnce() {
    for (int call = 0; call < 1000; call++) {
      memory.began();
    }
    for (int call = 0; call < 1000; call++) {
      memory.ended();
    }
    int retries = 0;
    while (memory.takeRetry()) {
      retries++;
    }
    assertThat(retries).isEqualTo(100);
  }

  /** A vendor may answer so because it is down. */
  @Test
  void anOutageThatIsAnsweredAsThrottlingCostsNoMoreRetriesThanAnyOther() {
    Event busy = answered(429, "THROTTLED");
    int requests = 0;
    for (int call = 0; call < 100; call++) {
      requests += driveAsFarAsItGoes(machine(true, true), List.of(busy, busy, busy));
    }
    assertThat(requests).isEqualTo(105);
  }

  @Test
  void callsThatAreThrottledNowAndThenAreAlwaysTriedAgain() {
    for (int call = 0; call < 30; call++) {
      Event busy = answered(429, "THROTTLED:slow:1");
      assertThat(drive(machine(true, true), busy, answered(200, "fine")).slept())
          .containsExactly(Duration.ofSeconds(1));
      drive(machine(true, true), answered(200, "fine"));
    }
  }

  /** Returns how many requests were sent. */
  private int driveAsFarAsItGoes(CallMachine<String> machine, List<Event> exchanges) {
    Action<String> action = machine.start(now());
    while (true) {
      if (action instanceof Action.Acquire<String>) {
        action = machine.on(new Event.Acquired(Duration.ZERO), now());
      } else if (action instanceof Action.Depart<String>) {
        action = machine.on(new Event.Cleared(Duration.ZERO), now());
      } else if (action instanceof Action.Sleep<String>) {
        action = machine.on(new Event.Slept(), now());
      } else if (action instanceof Action.Authenticate<String>) {
        action = machine.on(new Event.Authenticated(KEY), now());
      } else if (action instanceof Action.Send<String>) {
        action = machine.on(exchanges.get(machine.attempts() - 1), now());
      } else {
        return machine.attempts();
      }
    }
  }

  @Test
  void aCancelledExchangeIsCancelled() {
    assertThat(drive(machine(true, true), broken(TransportFailure.Kind.CANCELLED)).problem())
        .isInstanceOf(JobCancelledException.class);
  }

  @Test
  void aCallThatIsNotRepeatableIsSentOnceWhateverHappens() {
    for (Event event :
        List.of(
            answered(503, "UNAVAILABLE"),
            answered(429, "THROTTLED"),
            answered(401, "EXPIRED_CREDENTIALS"),
            broken(TransportFailure.Kind.CONNECT),
            broken(TransportFailure.Kind.CONNECTION_LOST))) {
      Driven driven = drive(machine(false, true), event);
      assertThat(driven.sent()).hasSize(1);
      assertThat(driven.last()).isInstanceOf(Action.Fail.class);
    }
  }

  @Test
  void expiredCredentialsOfACallThatIsSentOnceAreRefreshedForTheNext() {
    Driven driven = drive(machine(false, true), answered(401, "EXPIRED_CREDENTIALS"));
    assertThat(driven.actions()).anyMatch(CallMachineTest::isRefresh);
    assertThat(((JobServiceException) driven.problem()).kind()).isEqualTo(Kind.EXPIRED_CREDENTIALS);
  }

  @Test
  void expiredCredentialsAreRefreshedOnceAndTheQuotaIsAskedAgain() {
    Driven driven =
        drive(machine(true, true), answered(401, "EXPIRED_CREDENTIALS"), answered(200, "fine"));
    assertThat(driven.last()).isInstanceOf(Action.Proceed.class);
    assertThat(driven.sent().stream().map(r -> r.header("x-key").orElse("")))
        .containsExactly("key-1", "key-2");
    assertThat(driven.count(Action.Acquire.class)).isEqualTo(2);
    assertThat(driven.actions().stream().filter(CallMachineTest::isRefresh)).hasSize(1);
  }

  @Test
  void credentialsThatStayExpiredFailAfterOneRefresh() {
    Event expired = answered(401, "EXPIRED_CREDENTIALS");
    Driven driven = drive(machine(true, true), expired, expired);
    assertThat(((JobServiceException) driven.problem()).kind()).isEqualTo(Kind.EXPIRED_CREDENTIALS);
    assertThat(driven.machine().attempts()).isEqualTo(2);
  }

  @Test
  void aRefreshIsNoFourthAttempt() {
    Event busy = answered(503, "UNAVAILABLE");
    Driven driven = drive(machine(true, true), busy, busy, answered(401, "EXPIRED_CREDENTIALS"));
    assertThat(driven.machine().attempts()).isEqualTo(3);
  }

  @Test
  void expiryOfAnUnsignedCallIsAnError() {
    Driven driven = drive(machine(true, false), answered(401, "EXPIRED_CREDENTIALS"));
    assertThat(driven.machine().attempts()).isEqualTo(1);
  }

  @Test
  void missingCredentialsEndTheCall() {
    CallMachine<String> machine = machine(true, true);
    machine.start(now());
    machine.on(new Event.Acquired(Duration.ZERO), now());
    JobException none = new io.joblens.CredentialsException("none");
    assertThat(machine.on(new Event.Ended(none), now())).isEqualTo(new Action.Fail<>(none));
    assertThat(machine.attempts()).isZero();
  }

  @Test
  void theServersOwnDelayIsRespected() {
    Driven driven =
        drive(machine(true, true), answered(429, "THROTTLED:slow:7"), answered(200, "fine"));
    assertThat(driven.slept()).containsExactly(Duration.ofSeconds(7));
  }

  @Test
  void aDelayBeyondTheDeadlineFailsWithTheServersError() {
    for (String delay : List.of("100", "99999999999")) {
      nanos = begin;
      Driven driven = drive(machine(true, true), answered(429, "THROTTLED:slow:" + delay));
      JobServiceException problem = (JobServiceException) driven.problem();
      assertThat(problem.kind()).isEqualTo(Kind.THROTTLED);
      assertThat(problem.retryAfter()).isPresent();
      assertThat(driven.slept()).isEmpty();
    }
  }

  @Test
  void noDelayOfMoreThanADayIsBelievedWhoeverNamesIt() {
    for (String delay : List.of("86401", "999999999999")) {
      nanos = begin;
      Driven driven = drive(machine(true, true), answered(429, "THROTTLED:slow:" + delay));
      assertThat(((JobServiceException) driven.problem()).retryAfter())
          .contains(Duration.ofDays(1));
    }
  }

  @Test
  void aNegativeDelayIsNotAskedFor() {
    Driven driven =
        drive(machine(true, true), answered(429, "THROTTLED:slow:-5"), answered(200, "fine"));
    assertThat(driven.slept()).allMatch(time -> !time.isNegative());
  }

  @Test
  void aQuotaThatIsWaitedForIsAskedOnceAnAttempt() {
    CallMachine<String> machine = machine(true, true);
    assertThat(machine.start(now())).isEqualTo(new Action.Acquire<String>(DEADLINE));
    Action<String> sleep = machine.on(new Event.Acquired(Duration.ofSeconds(3)), now());
    assertThat(sleep).isEqualTo(new Action.Sleep<String>(Duration.ofSeconds(3)));
    pass(Duration.ofSeconds(3));
    assertThat(machine.on(new Event.Slept(), now())).isInstanceOf(Action.Authenticate.class);
  }

  @Test
  void aQuotaBeyondTheDeadlineSaysHowLongItWouldTake() {
    CallMachine<String> machine = machine(true, true);
    machine.start(now());
    Duration wait = DEADLINE.plusNanos(1);
    Action<String> action = machine.on(new Event.Acquired(wait), now());
    JobException problem = ((Action.Fail<String>) action).problem();
    assertThat(problem).isInstanceOf(QuotaExceededException.class);
    assertThat(((QuotaExceededException) problem).waitTime()).isEqualTo(wait);
    assertThat(machine.attempts()).isZero();
  }

  @Test
  void aQuotaBeyondTheDeadlineAfterAFailureTellsTheFailure() {
    CallMachine<String> machine = machine(true, false);
    machine.start(now());
    granted(machine);
    machine.on(answered(503, "UNAVAILABLE"), now());
    machine.on(new Event.Slept(), now());
    Action<String> action = machine.on(new Event.Acquired(Duration.ofDays(1)), now());
    assertThat(((Action.Fail<String>) action).problem()).isInstanceOf(JobServiceException.class);
  }

  @Test
  void theAttemptsLimitShrinksWithTheDeadline() {
    CallMachine<String> machine = machine(true, false);
    machine.start(now());
    Action<String> first = granted(machine);
    assertThat(((Action.Send<String>) first).limit()).isEqualTo(Duration.ofSeconds(40));
    pass(Duration.ofSeconds(90));
    machine.on(broken(TransportFailure.Kind.ATTEMPT_TIMEOUT), now());
    machine.on(new Event.Slept(), now());
    Action<String> second = granted(machine);
    assertThat(((Action.Send<String>) second).limit()).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void aCallWhoseTimeIsOverSaysSoWithTheLastProblemBesideIt() {
    CallMachine<String> machine = machine(true, false);
    machine.start(now());
    granted(machine);
    machine.on(answered(503, "UNAVAILABLE"), now());
    machine.on(new Event.Slept(), now());
    pass(DEADLINE);
    Action<String> action = granted(machine);
    JobException problem = ((Action.Fail<String>) action).problem();
    assertThat(problem).isInstanceOf(CallTimeoutException.class).hasMessageContaining("1 attempt");
    assertThat(problem.getSuppressed()).hasSize(1);
  }

  @Test
  void anExchangeThatBreaksAtTheDeadlineIsATimeout() {
    CallMachine<String> machine = machine(true, false);
    machine.start(now());
    granted(machine);
    pass(DEADLINE);
    Action<String> action = machine.on(broken(TransportFailure.Kind.ATTEMPT_TIMEOUT), now());
    assertThat(((Action.Fail<String>) action).problem()).isInstanceOf(CallTimeoutException.class);
  }

  /** Gives the call its place; unsigned, it needs nothing more. */
  private Action<String> granted(CallMachine<String> machine) {
    assertThat(machine.on(new Event.Acquired(Duration.ZERO), now()))
        .isEqualTo(new Action.Depart<String>());
    return machine.on(new Event.Cleared(Duration.ZERO), now());
  }

  @ParameterizedTest
  @ValueSource(ints = {300, 301, 302, 303, 307, 308, 399})
  void redirectsAreRefusedAndTheirTargetIsNotRepeated(int status) {
    WireResponse response =
        new WireResponse(
            status,
            Map.of("Location", List.of("https://evil.example/?t=x"), "X-Request-Id", List.of("7")),
            new byte[0]);
    Driven driven = drive(machine(true, true), new Event.Answered(response));
    JobTransportException problem = (JobTransportException) driven.problem();
    assertThat(problem.kind()).isEqualTo(JobTransportException.Kind.REDIRECT_REFUSED);
    assertThat(problem).hasMessageContaining("request id 7").hasMessageNotContaining("evil");
  }

  @Test
  void anAnswerThatCannotBeReadIsMalformedAndNamesItsPlace() {
    Driven driven =
        drive(
            machine(
                true,
                true,
                response -> {
                  throw new WireDataException("/Data", "is missing");
                }),
            answered(200, "{}"));
    JobDataException problem = (JobDataException) driven.problem();
    assertThat(problem.kind()).isEqualTo(JobDataException.Kind.MALFORMED);
    assertThat(problem).hasMessageContaining("/Data is missing");
  }

  @Test
  void anErrorInsideAnAnswerIsTriedAgainByItsKind() {
    int[] reads = new int[1];
    Driven driven =
        drive(
            machine(
                true,
                true,
                response ->
                    reads[0]++ == 0
                        ? Step.failed(StubProvider.serviceError("THROTTLED", 200))
                        : Step.done("fine")),
            answered(200, ""),
            answered(200, ""));
    assertThat(driven.last()).isEqualTo(new Action.Proceed<>(Step.done("fine")));
  }

  @Test
  void anErrorThatIsRecoveredFromGoesOn() {
    Driven driven =
        drive(
            machine(
                true,
                true,
                response -> Step.done("no"),
                error -> Optional.of(Step.done("recovered from " + error.kind()))),
            answered(404, "NOT_FOUND"));
    assertThat(driven.last())
        .isEqualTo(new Action.Proceed<>(Step.done("recovered from NOT_FOUND")));
  }

  /** A vendor says no with HTTP 403, or with 200 and the same in the body. */
  @ParameterizedTest
  @ValueSource(ints = {200, 403})
  void whatIsRecoveredFromIsMaskedExplainedAndToldWhereverItStands(int status) {
    key = KEY.from("the file x");
    String said = "ACCESS_DENIED:not with token-canary-token-token-1";
    Step<String> step =
        Step.ask(
            new Call(
                "DoIt",
                new Quota("q", Rate.perSecond(1)),
                true,
                true,
                WireRequest.get(provider.endpoint).path("/x").build()),
            response -> Step.failed(StubProvider.serviceError(text(response), 200)));
    List<ServiceError> seen = new ArrayList<>();
    CallMachine<String> machine =
        machine(
            (Step.Ask<String>)
                step.map(text -> text + ", mapped")
                    .recover(
                        error -> {
                          seen.add(error);
                          return Optional.of(Step.done("recovered"));
                        })
                    .orElse(problem -> Step.done("without")));

    Driven driven = drive(machine, answered(status, said));

    assertThat(driven.last()).isEqualTo(new Action.Proceed<>(Step.done("recovered")));
    assertThat(seen).hasSize(1);
    assertThat(seen.get(0).message()).contains("not with ***");
    assertThat(seen.get(0).hint()).contains("credentials from the file x");
    assertThat(machine.problem()).isPresent();
    assertThat(machine.problem().orElseThrow())
        .hasMessageContaining("not with ***")
        .hasMessageContaining("credentials from the file x");
  }

  @Test
  void anErrorInABodyThatIsRecoveredToAnotherIsExplainedOnce() {
    key = KEY.from("the file x");
    Call call =
        new Call(
            "DoIt",
            new Quota("q", Rate.perSecond(1)),
            true,
            true,
            WireRequest.get(provider.endpoint).path("/x").build());
    Step<String> step =
        Step.ask(call, response -> Step.failed(StubProvider.serviceError("ACCESS_DENIED:no", 200)));
    Driven driven =
        drive(
            machine(
                (Step.Ask<String>)
                    step.recover(
                        error ->
                            Optional.of(
                                Step.failed(
                                    error.toBuilder()
                                        .hint("look there; " + error.hint().orElseThrow())
                                        .build())))),
            answered(200, "{}"));
    assertThat(driven.problem())
        .hasMessage(
            "ACCESS_DENIED (Stub13, HTTP 200): no; look there; credentials from the file x");
  }

  private CallMachine<String> optional() {
    Call call =
        new Call(
            "DoIt",
            new Quota("q", Rate.perSecond(1)),
            true,
            true,
            WireRequest.get(provider.endpoint).path("/x").build());
    Step<String> step = Step.ask(call, response -> Step.done(text(response)));
    return machine(
        (Step.Ask<String>)
            step.orElse(problem -> Step.done("without: " + problem.getClass().getSimpleName())));
  }

  @Test
  void anAnswerThatIsNotNeededIsDoneWithoutOnlyWhenTheLastAttemptHasFailed() {
    Event down = answered(503, "UNAVAILABLE");
    assertThat(drive(optional(), down, answered(200, "fine")).last())
        .isEqualTo(new Action.Proceed<>(Step.done("fine")));
    CallMachine<String> machine = optional();
    assertThat(drive(machine, down, down, down).last())
        .isEqualTo(new Action.Proceed<>(Step.done("without: JobServiceException")));
    assertThat(machine.attempts()).isEqualTo(3);
    assertThat(machine.problem()).isPresent();
    assertThat(drive(optional(), answered(403, "ACCESS_DENIED")).last())
        .isEqualTo(new Action.Proceed<>(Step.done("without: JobServiceException")));
  }

  @Test
  void anAnswerThatIsNotNeededIsDoneWithoutAlsoWhenTheQuotaLeavesNoOtherAttempt() {
    Event down = answered(503, "UNAVAILABLE");
    Duration tooLong = DEADLINE.plusSeconds(1);
    Action<String> without =
        new Action.Proceed<>(Step.done("without: " + JobServiceException.class.getSimpleName()));

    CallMachine<String> acquiring = optional();
    again(acquiring, down, Action.Acquire.class);
    assertThat(acquiring.on(new Event.Acquired(tooLong), now())).isEqualTo(without);

    CallMachine<String> departing = optional();
    again(departing, down, Action.Depart.class);
    assertThat(departing.on(new Event.Cleared(tooLong), now())).isEqualTo(without);

    CallMachine<String> first = optional();
    first.start(now());
    assertThat(first.on(new Event.Acquired(tooLong), now()))
        .isInstanceOfSatisfying(
            Action.Fail.class,
            fail -> assertThat(fail.problem()).isInstanceOf(QuotaExceededException.class));
  }

  @Test
  void whatEndsMoreThanTheCallIsNotDoneWithout() {
    assertThat(drive(optional(), answered(401, "AUTHENTICATION")).problem())
        .isInstanceOf(JobServiceException.class);
    assertThat(
            drive(
                    optional(),
                    new Event.Broken(new TransportFailure(TransportFailure.Kind.CANCELLED, "x")))
                .problem())
        .isInstanceOf(JobCancelledException.class);
  }

  @Test
  void whatTheVendorRepeatsOfASecretIsMasked() {
    String cut = "long token-canary-token-t…";
    for (String message :
        List.of(
            "bad token token-canary-token-token-1!",
            "bad secret-canary-secret-1 and again secret-canary-secret-1",
            cut)) {
      Driven driven = drive(machine(true, true), answered(401, "AUTHENTICATION:" + message));
      assertThat(driven.problem())
          .hasMessageContaining("***")
          .hasMessageNotContaining("secret-canary")
          .hasMessageNotContaining("token-canary");
    }
  }

  @Test
  void aSignatureThatTheVendorRepeatsIsMaskedAndTheRestOfItsHeaderIsNot() {
    Driven driven =
        drive(
            machine(true, true),
            answered(503, "UNAVAILABLE:later"),
            answered(
                400,
                "INVALID_REQUEST:bad 'STUB SignedHeaders=x-date,"
                    + " Signature=canary-sign-canary-nonce-2'"));

    assertThat(driven.problem())
        .hasMessageContaining("bad 'STUB SignedHeaders=x-date, Signature=***'");
  }

  // ---- what a call ends as

  @Test
  void theProblemOfTheLatestAttemptIsKnown() {
    CallMachine<String> machine = machine(true, true);
    assertThat(machine.problem()).isEmpty();
    Driven driven = drive(machine, answered(403, "ACCESS_DENIED"));
    assertThat(machine.problem()).containsSame(driven.problem());
  }

  @Test
  void timeThatEndsWhileSomethingIsWaitedForIsATimeout() {
    CallMachine<String> machine = machine(true, true);
    machine.start(now());
    machine.on(new Event.Acquired(Duration.ZERO), now());
    Action<String> action = machine.on(new Event.TimedOut(), now());
    assertThat(((Action.Fail<String>) action).problem()).isInstanceOf(CallTimeoutException.class);
  }

  /** Drives a machine whose first attempt failed until its second one is asked for. */
  private Action<String> again(CallMachine<String> machine, Event failure, Class<?> asked) {
    Action<String> action = machine.start(now());
    boolean failed = false;
    while (!failed || !asked.isInstance(action)) {
      if (action instanceof Action.Acquire<String>) {
        action = machine.on(new Event.Acquired(Duration.ZERO), now());
      } else if (action instanceof Action.Authenticate<String>) {
        action = machine.on(new Event.Authenticated(key), now());
      } else if (action instanceof Action.Depart<String>) {
        action = machine.on(new Event.Cleared(Duration.ZERO), now());
      } else if (action instanceof Action.Sleep<String> sleep) {
        pass(sleep.time());
        action = machine.on(new Event.Slept(), now());
      } else if (action instanceof Action.Send<String>) {
        action = machine.on(failure, now());
        failed = true;
      } else {
        throw new AssertionError(action);
      }
    }
    return action;
  }

  @Test
  void anAttemptThatEndsWithTheCallIsNotToldAsTheOneBefore() {
    CallMachine<String> late = machine(true, true);
    again(late, answered(429, "THROTTLED"), Action.Send.class);
    Action<String> action = late.on(new Event.TimedOut(), now());
    JobException timeout = ((Action.Fail<String>) action).problem();
    assertThat(late.problem()).containsSame(timeout);
    assertThat(timeout).isInstanceOf(CallTimeoutException.class);
    assertThat(timeout.getSuppressed()).hasSize(1);

    CallMachine<String> cancelled = machine(true, true);
    again(cancelled, answered(429, "THROTTLED"), Action.Send.class);
    JobException end = new JobCancelledException("the call was cancelled");
    assertThat(cancelled.on(new Event.Ended(end), now())).isEqualTo(new Action.Fail<String>(end));
    assertThat(cancelled.problem()).containsSame(end);
  }

  @Test
  void aSignedCallThatWaitedToGoOutIsNotAuthenticatedAgain() {
    CallMachine<String> machine = machine(true, true);
    machine.start(now());
    machine.on(new Event.Acquired(Duration.ZERO), now());
    machine.on(new Event.Authenticated(KEY), now());
    machine.on(new Event.Cleared(Duration.ofSeconds(1)), now());
    assertThat(machine.on(new Event.Slept(), now())).isEqualTo(new Action.Depart<String>());
  }

  @Test
  void aCallThatMayNotGoOutInTimeAfterAFailureTellsTheFailure() {
    CallMachine<String> machine = machine(true, false);
    machine.start(now());
    granted(machine);
    machine.on(answered(503, "UNAVAILABLE"), now());
    machine.on(new Event.Slept(), now());
    machine.on(new Event.Acquired(Duration.ZERO), now());
    Action<String> action = machine.on(new Event.Cleared(Duration.ofDays(1)), now());
    assertThat(((Action.Fail<String>) action).problem()).isInstanceOf(JobServiceException.class);
  }

  @Test
  void credentialsThatCannotSignEndTheCallBeforeItIsSent() {
    JobException cannot = new io.joblens.CredentialsException("cannot sign with these");
    provider =
        new StubProvider() {
          @Override
          public Signer signer() {
            return (request, credentials, now, nonce) -> {
              throw cannot;
            };
          }
        };
    Driven driven = drive(machine(true, true));
    assertThat(driven.problem()).isSameAs(cannot);
    assertThat(driven.machine().attempts()).isZero();
  }

  @Test
  void anIdInAnAnswerThatIsNoneIsMalformed() {
    Driven driven =
        drive(
            machine(
                true,
                true,
                response -> {
                  throw new IllegalArgumentException("run id is blank");
                }),
            answered(200, "{}"));
    assertThat(((JobDataException) driven.problem()).kind())
        .isEqualTo(JobDataException.Kind.MALFORMED);
    assertThat(driven.problem()).hasMessageContaining("run id is blank");
  }

  @Test
  void aProblemThatTheReaderNamesItselfIsTheCalls() {
    JobException named = new io.joblens.ConfigException("there are two projects");
    Driven driven =
        drive(
            machine(
                true,
                true,
                response -> {
                  throw named;
                }),
            answered(200, "{}"));
    assertThat(driven.problem()).isSameAs(named);
  }

  @Test
  void anErrorThatTheProviderDoesNotKnowIsSaidToBeUnknown() {
    provider =
        new StubProvider() {
          @Override
          public Optional<ServiceError> error(Call call, WireResponse response) {
            return Optional.empty();
          }
        };
    Driven driven = drive(machine(true, true), answered(418, "?"));
    assertThat(((JobServiceException) driven.problem()).kind()).isEqualTo(Kind.UNKNOWN);
    assertThat(driven.problem())
        .hasMessageContaining("holds no error that stub-jobs documents")
        .hasMessageContaining("HTTP 418");
  }

  /** What reads an answer recovers from the errors in it; the call's own recovery is for others. */
  @Test
  void anErrorInsideAnAnswerIsNotRecoveredFromTwice() {
    Driven driven =
        drive(
            machine(
                true,
                true,
                response -> Step.failed(StubProvider.serviceError("NOT_FOUND", 200)),
                error -> Optional.of(Step.done("recovered"))),
            answered(200, "{}"));
    assertThat(((JobServiceException) driven.problem()).kind()).isEqualTo(Kind.NOT_FOUND);
  }

  // ---- refresh, clock and retries

  /** A vendor may lock a key that keeps failing. */
  @Test
  void credentialsThatCameBackTheSameAreNotSentAgain() {
    nextKey = KEY;
    Driven driven = drive(machine(true, true), answered(401, "EXPIRED_CREDENTIALS"));
    assertThat(((JobServiceException) driven.problem()).kind()).isEqualTo(Kind.EXPIRED_CREDENTIALS);
    assertThat(driven.actions()).anyMatch(CallMachineTest::isRefresh);
    assertThat(driven.sent()).hasSize(1);
  }

  @Test
  void onlyAComplaintAboutTheClockCorrectsIt() {
    drive(machine(true, true), answeredAt(wall.plusSeconds(3600), 403, "ACCESS_DENIED"));
    assertThat(memory.clockOffset()).isZero();
  }

  @Test
  void anUnsignedCallHasNoClockToCorrect() {
    Driven driven =
        drive(machine(true, false), answeredAt(wall.plusSeconds(3600), 401, "CLOCK_SKEW"));
    assertThat(driven.sent()).hasSize(1);
    assertThat(memory.clockOffset()).isZero();
  }

  @Test
  void aClockThatIsTheServersAlreadyIsNotCorrectedAgain() {
    memory.correctClock(Duration.ofMinutes(16));
    Driven driven =
        drive(machine(true, true), answeredAt(wall.plusSeconds(960), 401, "CLOCK_SKEW"));
    assertThat(driven.sent()).hasSize(1);
    assertThat(memory.clockOffset()).isEqualTo(Duration.ofMinutes(16));
  }

  @Test
  void aSkewOfHalfAMinuteIsCorrected() {
    drive(
        machine(true, true),
        answeredAt(wall.plusSeconds(30), 401, "CLOCK_SKEW"),
        answered(200, "fine"));
    assertThat(memory.clockOffset()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void aCorrectedClockIsNoFourthAttempt() {
    Event busy = answered(503, "UNAVAILABLE");
    CallMachine<String> machine = machine(true, true);
    Action<String> action = machine.start(now());
    List<Event> left = new ArrayList<>(List.of(busy, busy));
    while (!(action instanceof Action.Fail)) {
      if (action instanceof Action.Send<String>) {
        Event skew = answeredAt(wall.plusSeconds(960), 401, "CLOCK_SKEW");
        action = machine.on(left.isEmpty() ? skew : left.remove(0), now());
      } else {
        action = beforeSending(machine, action);
      }
    }
    assertThat(machine.attempts()).isEqualTo(3);
    assertThat(memory.clockOffset()).isEqualTo(Duration.ofMinutes(16));
  }

  private Action<String> beforeSending(CallMachine<String> machine, Action<String> action) {
    if (action instanceof Action.Acquire<String>) {
      return machine.on(new Event.Acquired(Duration.ZERO), now());
    }
    if (action instanceof Action.Authenticate<String>) {
      return machine.on(new Event.Authenticated(KEY), now());
    }
    return action instanceof Action.Depart<String>
        ? machine.on(new Event.Cleared(Duration.ZERO), now())
        : machine.on(new Event.Slept(), now());
  }

  @Test
  void callsThatSucceedAtOnceBringTheRetriesBackSlowly() {
    while (memory.takeRetry()) {
      // until there are none
    }
    for (int call = 0; call < 9; call++) {
      drive(machine(true, true), answered(200, "fine"));
    }
    assertThat(memory.takeRetry()).isFalse();
    drive(machine(true, true), answered(200, "fine"));
    assertThat(memory.takeRetry()).isTrue();
  }

  // ---- what an error says

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"AUTHENTICATION", "ACCESS_DENIED", "EXPIRED_CREDENTIALS"})
  void whereTheCredentialsCameFromIsSaidWhereTheyAreRefused(Kind kind) {
    key = KEY2.from("the file x");
    nextKey = key;
    Driven driven = drive(machine(true, true), answered(403, kind.name()));
    assertThat(driven.problem().detail()).endsWith("; credentials from the file x");
  }

  @Test
  void whereTheCredentialsCameFromIsNotSaidWhereTheyAreNoMatter() {
    key = KEY2.from("the file x");
    Driven driven = drive(machine(true, true), answered(400, "INVALID_REQUEST"));
    assertThat(driven.problem().detail()).endsWith("HTTP 400)");
    key = KEY2;
    Driven unknown = drive(machine(true, true), answered(403, "ACCESS_DENIED"));
    assertThat(unknown.problem().detail()).endsWith("HTTP 403)");
  }

  /** Explains every error, and gives each a hint. */
  private static final class Explaining extends StubProvider {
    private final boolean hints;

    Explaining(boolean hints) {
      this.hints = hints;
    }

    @Override
    public Signer signer() {
      Signer signer = super.signer();
      return new Signer() {
        @Override
        public WireRequest sign(
            WireRequest request, Credentials credentials, Instant now, String nonce) {
          return signer.sign(request, credentials, now, nonce);
        }

        @Override
        public Optional<String> explain(WireRequest signed, ServiceError error) {
          return signed.header("x-key").map(id -> "GET|" + id);
        }
      };
    }

    @Override
    public Optional<ServiceError> error(Call call, WireResponse response) {
      return super.error(call, response)
          .map(error -> hints ? error.toBuilder().hint("look there").build() : error);
    }
  }

  @Test
  void whatWasSignedIsSetBesideTheVendorsWordOnTheSignature() {
    provider = new Explaining(false);
    Driven bare = drive(machine(true, true), answered(401, "AUTHENTICATION"));
    assertThat(bare.problem().detail()).endsWith("HTTP 401); signed here was GET|key-1");

    provider = new Explaining(true);
    key = KEY2.from("the file x");
    Driven hinted = drive(machine(true, true), answered(401, "AUTHENTICATION"));
    assertThat(hinted.problem().detail())
        .endsWith("; signed here was GET|key-2; look there; credentials from the file x");

    Driven other = drive(machine(true, true), answered(400, "INVALID_REQUEST"));
    assertThat(other.problem().detail()).endsWith("HTTP 400); look there");
  }

  @Test
  void theRequestsIdIsFoundUnderEveryVendorsName() {
    for (String name : List.of("x-acs-request-id", "X-Request-Id", "x-tc-requestid")) {
      assertThat(requestId(name, true)).contains("7");
    }
    assertThat(requestId("x-request-time", true)).isEmpty();
    assertThat(requestId("x-request-id", false)).as("of an unsigned call").isEmpty();
  }

  private Optional<String> requestId(String name, boolean signed) {
    WireResponse answer = new WireResponse(200, Map.of(name, List.of("7")), new byte[0]);
    CallMachine<String> machine = machine(true, signed);
    drive(machine, new Event.Answered(answer));
    return machine.requestId(answer);
  }

  @ParameterizedTest
  @CsvSource({
    "7f3a-11, 7f3a-11",
    "AAAA-secret-canary-secret-1, AAAA-***",
    "token-canary-token-token-1, ***",
    "bad secret canary, ",
    "'', "
  })
  void aRequestIdIsShownWithoutWhatItRepeatsAndOnlyIfItIsOne(String sent, @Nullable String shown) {
    CallMachine<String> machine = machine(true, true);
    WireResponse answer = new WireResponse(200, Map.of("x-request-id", List.of(sent)), new byte[0]);
    Driven driven = drive(machine, new Event.Answered(answer));
    assertThat(driven.last()).isInstanceOf(Action.Proceed.class);
    assertThat(machine.requestId(answer)).isEqualTo(Optional.ofNullable(shown));

    CallMachine<String> failing =
        machine(
            true,
            true,
            response -> {
              throw new IllegalArgumentException("the id");
            });
    String message = drive(failing, new Event.Answered(answer)).problem().getMessage();
    assertThat(message)
        .isEqualTo(
            "MALFORMED: the answer (HTTP 200%s) cannot be read: the id"
                .formatted(shown == null ? "" : ", request id " + shown));
  }

  // ---- back-off

  @Test
  void aBackOffNeverIsNegativeNorOverItsCapAndEnds() {
    for (double random : new double[] {0, 0.5, Math.nextDown(1.0)}) {
      RetryPolicy policy = new RetryPolicy(() -> random);
      for (int attempts = 1; attempts <= 100; attempts++) {
        for (Kind kind : Kind.values()) {
          assertBounded(policy.delayAfter(ServiceError.of(kind, 500).build(), attempts), attempts);
        }
        for (TransportFailure.Kind kind : TransportFailure.Kind.values()) {
          assertBounded(policy.delayAfter(new TransportFailure(kind, "x"), attempts), attempts);
        }
      }
    }
  }

  private static void assertBounded(Optional<Duration> delay, int attempts) {
    if (attempts >= 3) {
      assertThat(delay).isEmpty();
    }
    delay.ifPresent(time -> assertThat(time).isBetween(Duration.ZERO, Duration.ofSeconds(20)));
  }
}
