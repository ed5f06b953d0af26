package io.joblens.alibaba.schedulerx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblens.Finality;
import io.joblens.Job;
import io.joblens.JobQuery;
import io.joblens.JobRun;
import io.joblens.JobState;
import io.joblens.RawRequest;
import io.joblens.RunRef;
import io.joblens.spi.Scope;
import io.joblens.spi.Slice;
import io.joblens.spi.Step;
import io.joblens.spi.WireDataException;
import io.joblens.spi.WireResponse;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchedulerxResponsesTest {
  private static final SchedulerxProvider PROVIDER =
      SchedulerxProviderTest.provider(List.of("public"), List.of("g1"), List.of());
  private static final Scope GROUP = new Scope("public", List.of("ns", "g1"), "");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "'x'",
        "{}",
        "{'Success':true}",
        "{'Code':200,'Success':true,'Data':null}",
        "{'Code':200,'Success':true,'Data':{}}",
        "{'Success':true,'Data':{'JobInstanceDetails':null}}",
        "{'Success':true,'Data':{'JobInstanceDetails':{}}}",
        "{'Success':true,'Data':'x'}",
        "{'Success':true,'Data':{'JobInstanceDetails':[{'JobId':1,'Status':4}]}}",
        "{'Success':true,'Data':{'JobInstanceDetails':[{'InstanceId':1,'Status':4}]}}",
        "{'Success':true,'Data':{'JobInstanceDetails':[{'InstanceId':'..','JobId':1}]}}",
        "{'Success':true,'Data':{'JobInstanceDetails':[{'InstanceId':1.9,'JobId':1}]}}",
        "{'Success':true,'Data':{'JobInstanceDetails':[null]}}",
        "{'Success':true,'Data':{'JobInstanceDetails':[]}} trailing",
        "{'Success':true,'Data':{'JobInstanceDetails':[",
        "<html>log in first</html>",
      })
  void anAnswerWithoutItsPartsIsNeverAnEmptySuccess(String body) {
    Step<Slice> step = PROVIDER.runs(GROUP, JobQuery.ALL, 0, 100);

    assertThatThrownBy(() -> Wire.answer(step, Wire.ok(body)))
        .isInstanceOf(WireDataException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'Success':true,'Code':200,'Message':'jobId=1 is not existed','Data':{'JobInstanceDetails':[]}}",
        "{'Success':'true','Code':'200','Data':{'Other':{},'JobInstanceDetails':[]},'RequestId':'r'}",
        "{'Code':200,'Data':{'JobInstanceDetails':[]}}",
      })
  void whatLooksLikeAnErrorBesideASuccessIsNone(String body) {
    assertThat(Wire.value(PROVIDER.runs(GROUP, JobQuery.ALL, 0, 100), Wire.ok(body)).rows())
        .isEmpty();
  }

  @Test
  void theAnswerMustBeAboutTheRunThatWasAskedFor() {
    RunRef ref = SchedulerxProviderTest.ref("1");
    WireResponse other =
        Wire.ok("{'Success':true,'Data':{'JobInstanceDetail':{'InstanceId':2,'JobId':7}}}");

    assertThatThrownBy(() -> Wire.answer(PROVIDER.get(List.of(ref)), other))
        .isInstanceOf(WireDataException.class)
        .hasMessageContaining("another run");
    WireResponse otherJob = Wire.ok("{'Success':true,'Data':{'JobConfigInfo':{'JobId':8}}}");
    assertThatThrownBy(() -> Wire.answer(PROVIDER.job(ref.job()), otherJob))
        .isInstanceOf(WireDataException.class)
        .hasMessageContaining("another job");
    WireResponse huge =
        Wire.ok("{'Success':true,'Data':{'JobConfigInfo':{'JobId':7,'MaxAttempt':3000000000}}}");
    assertThatThrownBy(() -> Wire.answer(PROVIDER.job(ref.job()), huge))
        .isInstanceOf(WireDataException.class)
        .hasMessageContaining("MaxAttempt");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "0", "2147483648", "9223372036854775807", "1e40"})
  void aTimeoutOrANumberOfAttemptsThatCanBeNoneIsLeftOut(String number) {
    WireResponse answer =
        Wire.ok(
            "{'Success':true,'Data':{'JobConfigInfo':{'JobId':7,'MaxAttempt':-1,'JobMonitorInfo':"
                + "{'MonitorConfig':{'TimeoutKillEnable':true,'Timeout':"
                + number
                + "}}}}}");
    Job job = Wire.value(PROVIDER.job(SchedulerxProviderTest.ref("1").job()), answer).build();

    assertThat(job.timeout()).isEmpty();
    assertThat(job.retries()).isEmpty();
    assertThat(job.toJson()).contains("JobMonitorInfo");
  }

  @Test
  void countsOfTasksBelowZeroAreNone() {
    WireResponse answer =
        Wire.ok(
            "{'Success':true,'Data':{'JobInstanceDetails':[{'InstanceId':1,'JobId':7,'Progress':"
                + "'{\\'taskProgress\\':[{\\'total\\':5,\\'failed\\':-2}]}'}]}}");
    JobRun run =
        Wire.value(PROVIDER.runs(GROUP, JobQuery.ALL, 0, 100), answer).rows().get(0).build();

    assertThat(run.tasks().total()).hasValue(5);
    assertThat(run.tasks().failed()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "9, 100, 0, false",
    "10, 100, 0, true",
    "11, 100, 0, false",
    "10, 10, 0, false",
    "10, 100, 100, false"
  })
  void tenRowsWhereMoreWereAskedForMayBeAllThatTheEditionGives(
      int rows, int limit, long offset, boolean capped) {
    String body =
        IntStream.rangeClosed(1, rows)
            .mapToObj(i -> "{'InstanceId':" + i + ",'JobId':7,'Status':4}")
            .collect(
                Collectors.joining(",", "{'Success':true,'Data':{'JobInstanceDetails':[", "]}}"));

    Scope job = new Scope("public", List.of("ns", "g1", "7"), "");
    Slice slice = Wire.value(PROVIDER.runs(job, JobQuery.ALL, offset, limit), Wire.ok(body));
    assertThat(slice.rows()).hasSize(rows);
    assertThat(slice.capped()).isEqualTo(capped);
    assertThat(slice.claimedTotal()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "11, '',                    UNSETTLED",
    "11, '2024-01-01 00:00:00', FINISHED",
    "6,  '2024-01-01 00:00:00', FINISHED",
    "9,  ,                      UNSETTLED",
    "3,  '2024-01-01 00:00:00', OPEN",
    "5,  ,                      FINISHED",
  })
  void aWordThatDoesNotEndARunByItselfDoesSoWithAnEndTime(
      int status, String end, Finality finality) {
    JobRun run = run("'Status':" + status + (end == null ? "" : ",'EndTime':'" + end + "'"));

    assertThat(run.finality()).isEqualTo(finality);
    assertThat(run.notes().contains("has an end time but a state that goes on"))
        .isEqualTo(status == 3);
  }

  @ParameterizedTest
  @CsvSource({"4,", "3,", "12,", "5, boom", "9, boom", "6, boom", "99, boom", "11, boom"})
  void theResultIsAMessageOnlyWhereTheRunDidNotGoWell(int status, String message) {
    JobRun run = run("'Result':'boom','Status':" + status);

    assertThat(run.message().orElse(null)).isEqualTo(message);
    assertThat(run.attributes()).containsEntry("Result", "boom");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "complete",
        "50%",
        "{}",
        "{\\\"taskProgress\\\":[]}",
        "{\\\"taskProgress\\\":7}",
        "{\\\"taskProgress\\\":[{\\\"total\\\":\\\"x\\\"}]}",
        "{\\\"taskProgress\\\":[1]}",
        "{\\\"taskProgress\\\":[{}",
        "{\\\"taskProgress\\\":[{\\\"total\\\":9223372036854775807},{\\\"total\\\":1}]}",
      })
  void aProgressThatCannotBeCountedGivesNoCountsAndKeepsTheRow(String progress) {
    JobRun run = run("'Status':3,'Progress':'" + progress + "'");

    assertThat(run.tasks().isEmpty()).isTrue();
    assertThat(run.state()).isEqualTo(JobState.RUNNING);
    assertThat(run.attributes()).containsKey("Progress");
  }

  @Test
  void aCountThatOneLevelDoesNotGiveIsUnknownAsAWhole() {
    JobRun run =
        run(
            "'Status':3,'Progress':'{\\\"taskProgress\\\":[{\\\"total\\\":1,\\\"failed\\\":1},"
                + "{\\\"total\\\":2}]}'");

    assertThat(run.tasks().total()).hasValue(3);
    assertThat(run.tasks().failed()).isEmpty();
    assertThat(run.tasks().pending()).isEmpty();
  }

  @Test
  void anEndBeforeTheStartIsNotedAndGivesNoDuration() {
    JobRun run =
        run("'Status':4,'StartTime':'2024-01-01 00:00:01','EndTime':'2024-01-01 00:00:00'");

    assertThat(run.notes()).contains("ends before it starts");
    assertThat(run.duration()).isEmpty();
  }

  @Test
  void parametersAreShownOnlyToWhoAsksForThemUnmasked() {
    JobRun run = run("'Status':4,'Parameters':'--password canary'");

    assertThat(run.toJson()).doesNotContain("canary").contains("\"Parameters\":\"***\"");
    assertThat(run.raw().orElseThrow().toString()).doesNotContain("canary");
    assertThat(run.raw().orElseThrow().unmasked()).contains("canary");
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 204, 302, 400, 404, 500, 599})
  void theErrorOfAnyAnswerCanBeTold(int status) {
    for (String body : List.of("", "null", "[]", "{", "<x>", "\u0000", "{\"Code\":{}}")) {
      assertThat(
              PROVIDER.error(
                  PROVIDER.raw(RawRequest.action("X").build()),
                  Wire.response(status, Map.of(), body)))
          .as(body)
          .matches(error -> error.isPresent() == (status >= 300));
    }
  }

  private static JobRun run(String fields) {
    String body =
        "{'Success':true,'Data':{'JobInstanceDetails':[{'InstanceId':1,'JobId':7,"
            + fields
            + "}]}}";
    return Wire.value(PROVIDER.runs(GROUP, JobQuery.ALL, 0, 100), Wire.ok(body))
        .rows()
        .get(0)
        .build();
  }
}
