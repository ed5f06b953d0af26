package io.joblens.huawei.workspace;

import io.joblens.JobException;
import io.joblens.JobRun;
import io.joblens.JobState;
import io.joblens.RunDetail;
import io.joblens.RunRef;
import io.joblens.TaskDetail;
import io.joblens.spi.Call;
import io.joblens.spi.JsonReader;
import io.joblens.spi.Step;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads what became of each server that a run was for. Source: support.huaweicloud.com/intl/en-us/
 * api-workspace, page ListTaskExecuteDetail. It has no filter by state, so all are read, up to a
 * limit.
 */
final class WorkspaceDiagnosis {
  /** Servers that are read: five calls. */
  static final int MOST_SERVERS = 500;

  /** What is read of a server; a field that the vendor adds later may be of any shape. */
  private static final Set<String> SERVER_TEXTS =
      Set.of(
          "id",
          "server_id",
          "server_name",
          "status",
          "begin_time",
          "end_time",
          "result_code",
          "result_message");

  /** One page. */
  private record Servers(Map<String, TaskDetail> byId, OptionalLong claimed, int rows) {}

  /** What was read so far; an answer may be read again, so each step has its own. */
  private record Found(Map<String, TaskDetail> servers, Optional<String> note) {}

  private final WorkspaceRequests requests;
  private final RunRef ref;

  WorkspaceDiagnosis(WorkspaceRequests requests, RunRef ref) {
    this.requests = requests;
    this.ref = ref;
  }

  Step<RunDetail.Builder> of(JobRun.Builder run) {
    JobState state = run.build().state();
    return read(0, new Found(Map.of(), Optional.empty()))
        .map(
            all -> {
              RunDetail.Builder detail = RunDetail.builder(run);
              if (state == JobState.QUEUED) {
                detail.note("Workspace does not tell what a run waits for");
              }
              all.servers().values().forEach(detail::task);
              all.note().ifPresent(detail::note);
              return detail;
            });
  }

  private Step<Found> read(long offset, Found soFar) {
    Call call = requests.listTaskExecuteDetail(ref, offset, WorkspaceProvider.MAX_PAGE);
    Step<Servers> page =
        Step.ask(
            call,
            response ->
                WorkspaceResponses.page(
                    call,
                    response,
                    WorkspaceDiagnosis::server,
                    (rows, claimed) -> {
                      Map<String, TaskDetail> byId = new LinkedHashMap<>();
                      rows.forEach(row -> byId.putIfAbsent(row.getKey(), row.getValue()));
                      return new Servers(byId, claimed, rows.size());
                    }));
    Step<Found> found =
        page.flatMap(
            servers -> {
              Map<String, TaskDetail> all = new LinkedHashMap<>(soFar.servers());
              servers.byId().forEach(all::putIfAbsent);
              long read = offset + servers.rows();
              if (WorkspaceResponses.isLast(servers.rows(), servers.claimed(), read)) {
                return Step.done(new Found(all, Optional.empty()));
              }
              if (read >= MOST_SERVERS) {
                return Step.done(
                    new Found(
                        all,
                        Optional.of(
                            servers.claimed().orElse(0) > read
                                ? "only the first %d of %d servers were read"
                                    .formatted(all.size(), servers.claimed().getAsLong())
                                : "only the first %d servers were read".formatted(all.size()))));
              }
              return read(read, new Found(all, Optional.empty()));
            });
    return found.orElse(problem -> Step.done(unread(soFar.servers(), problem)));
  }

  /** The run stands without its servers, or without those that come after the ones read. */
  private static Found unread(Map<String, TaskDetail> read, JobException problem) {
    String which = read.isEmpty() ? "the servers" : "servers after the first " + read.size();
    return new Found(read, Optional.of(which + " were not read: " + problem.getMessage()));
  }

  private static Map.Entry<String, TaskDetail> server(JsonReader json) {
    Map<String, String> texts = new HashMap<>();
    json.requiredObject(
        field -> {
          if (SERVER_TEXTS.contains(field)) {
            WorkspaceResponses.put(texts, field, json.text());
          }
        });
    String id = texts.get("id");
    if (id == null) {
      throw json.wrong("has no id");
    }
    String status = texts.getOrDefault("status", "");
    String name = texts.getOrDefault("server_name", texts.getOrDefault("server_id", id));
    String reason =
        Stream.of("result_code", "result_message")
            .flatMap(field -> Optional.ofNullable(texts.get(field)).stream())
            .collect(Collectors.joining(": "));
    TaskDetail.Builder detail =
        TaskDetail.builder(name, WorkspaceStates.of(status).state(), status)
            .reason(reason.isEmpty() ? null : reason)
            .attribute("server_id", texts.get("server_id"))
            .attribute("result_code", texts.get("result_code"));
    detail.startedAt(time(texts, "begin_time", detail)).finishedAt(time(texts, "end_time", detail));
    return Map.entry(id, detail.build());
  }

  private static @Nullable Instant time(
      Map<String, String> texts, String field, TaskDetail.Builder detail) {
    return WorkspaceResponses.time(texts, field, odd -> detail.attribute(field, texts.get(field)));
  }
}
