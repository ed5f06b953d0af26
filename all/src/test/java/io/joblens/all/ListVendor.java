package io.joblens.all;

import static java.util.Objects.requireNonNull;

import io.joblens.JobClient;
import io.joblens.JobClientBuilder;
import io.joblens.alibaba.sae.AlibabaSae;
import io.joblens.alibaba.schedulerx.AlibabaSchedulerx;
import io.joblens.huawei.workspace.HuaweiWorkspace;
import io.joblens.spi.Credentials;
import io.joblens.spi.HttpTransport;
import io.joblens.spi.Json;
import io.joblens.spi.JsonReader;
import io.joblens.spi.WireRequest;
import io.joblens.spi.WireResponse;
import io.joblens.tencent.batch.TencentBatch;
import io.joblens.testkit.ManualTime;
import io.joblens.testkit.Unlimited;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongUnaryOperator;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A vendor's list of runs in memory, which changes between requests and answers as badly as a test
 * wants. It speaks the vendor's words, but verifies nothing; the fakes of the testkit do that.
 */
final class ListVendor implements HttpTransport {
  /** Whose words it speaks. */
  enum Api {
    ALIBABA_SAE,
    ALIBABA_SCHEDULERX,
    TENCENT_BATCH,
    HUAWEI_WORKSPACE;

    boolean numbersPages() {
      return this == ALIBABA_SAE || this == ALIBABA_SCHEDULERX;
    }

    boolean tellsTotal() {
      return this != ALIBABA_SCHEDULERX;
    }

    private JobClientBuilder<?> builder() {
      return switch (this) {
        case ALIBABA_SAE ->
            AlibabaSae.builder().region("cn-hangzhou").job("00000000-0000-0000-0000-000000000001");
        case ALIBABA_SCHEDULERX ->
            AlibabaSchedulerx.builder().region("cn-hangzhou").namespace("ns").group("g");
        case TENCENT_BATCH -> TencentBatch.builder().region("ap-guangzhou");
        case HUAWEI_WORKSPACE ->
            HuaweiWorkspace.builder().region("cn-north-4").projectId("p0").job("task-0");
      };
    }

    private String id(int number) {
      return this == TENCENT_BATCH
          ? "job-" + (10_000_000 + number)
          : Integer.toString(10_000_000 + number);
    }

    private Object row(@Nullable String id) {
      Map<String, @Nullable Object> row = new LinkedHashMap<>();
      switch (this) {
        case ALIBABA_SAE -> {
          row.put("JobId", id);
          row.put("State", "1");
        }
        case ALIBABA_SCHEDULERX -> {
          row.put("InstanceId", id == null ? null : Long.valueOf(id));
          row.put("JobId", 7);
          row.put("Status", 4);
        }
        case TENCENT_BATCH -> {
          row.put("JobId", id);
          row.put("JobState", "SUCCEED");
        }
        case HUAWEI_WORKSPACE -> {
          row.put("id", id);
          row.put("status", "SUCCESS");
        }
      }
      return row;
    }

    private Object page(@Nullable List<Object> rows, long total) {
      Map<String, @Nullable Object> page = new LinkedHashMap<>();
      return switch (this) {
        case ALIBABA_SAE -> {
          page.put("TotalSize", total);
          page.put("Jobs", rows);
          yield Map.of("Code", "200", "Success", true, "RequestId", "r", "Data", page);
        }
        case ALIBABA_SCHEDULERX -> {
          page.put("JobInstanceDetails", rows);
          yield Map.of("Code", 200, "Success", true, "RequestId", "r", "Data", page);
        }
        case TENCENT_BATCH -> {
          page.put("RequestId", "r");
          page.put("TotalCount", total);
          page.put("JobSet", rows);
          yield Map.of("Response", page);
        }
        case HUAWEI_WORKSPACE -> {
          page.put("count", total);
          page.put("items", rows);
          yield page;
        }
      };
    }
  }

  /** One request. */
  record Asked(long offset, int limit) {}

  /** A row without an id. */
  static final String NO_ID = "";

  final Api api;
  final List<String> rows = new ArrayList<>();
  final List<Asked> asked = new ArrayList<>();

  /** Called with what was asked for, before it is answered. */
  Consumer<Asked> beforeAnswer = ask -> {};

  /** Makes of the true answer to the latest request the one that is given. */
  UnaryOperator<WireResponse> answer = given -> given;

  /** Makes of what was asked for the part of the list that is shown. */
  UnaryOperator<Asked> shown = ask -> ask;

  LongUnaryOperator total = count -> count;
  boolean rowsAreNull;

  /** Whether it never answers. */
  boolean hangs;

  private int made;

  ListVendor(Api api) {
    this.api = api;
  }

  /** Begins anew, with so many rows that behave. */
  ListVendor reset(int count) {
    rows.clear();
    asked.clear();
    made = 0;
    for (int i = 0; i < count; i++) {
      rows.add(newId());
    }
    beforeAnswer = ask -> {};
    answer = given -> given;
    shown = ask -> ask;
    total = all -> all;
    rowsAreNull = false;
    hangs = false;
    return this;
  }

  String newId() {
    return api.id(made++);
  }

  JobClient client() {
    return api.builder()
        .credentials(Credentials.accessKey("the-id", "canary-the-secret-0123456789"))
        .transport(this)
        .limiter(Unlimited.INSTANCE)
        .time(ManualTime.autoAdvancing(Instant.parse("2026-03-01T00:00:00Z")))
        .build();
  }

  @Override
  public CompletableFuture<WireResponse> send(
      WireRequest request, Duration limit, long maxDecodedBytes) {
    Asked ask = asked(request);
    asked.add(ask);
    beforeAnswer.accept(ask);
    if (hangs) {
      return new CompletableFuture<>();
    }
    Asked part = shown.apply(ask);
    int from = (int) Math.min(part.offset(), rows.size());
    int to = Math.min(from + part.limit(), rows.size());
    List<Object> page = new ArrayList<>();
    rows.subList(from, to).forEach(id -> page.add(api.row(id.equals(NO_ID) ? null : id)));
    Object body = api.page(rowsAreNull ? null : page, total.applyAsLong(rows.size()));
    return CompletableFuture.completedFuture(answer.apply(response(200, Json.write(body))));
  }

  static WireResponse response(int status, String body) {
    return new WireResponse(
        status,
        Map.of("content-type", List.of("application/json")),
        body.getBytes(StandardCharsets.UTF_8));
  }

  private Asked asked(WireRequest request) {
    return switch (api) {
      case ALIBABA_SAE -> page(number(request, "CurrentPage"), number(request, "PageSize"));
      case ALIBABA_SCHEDULERX -> page(number(request, "PageNum"), number(request, "PageSize"));
      case HUAWEI_WORKSPACE -> new Asked(number(request, "offset"), (int) number(request, "limit"));
      case TENCENT_BATCH -> {
        Map<?, ?> body = (Map<?, ?>) requireNonNull(JsonReader.readTree(request.body()));
        yield new Asked(
            ((Number) requireNonNull(body.get("Offset"))).longValue(),
            ((Number) requireNonNull(body.get("Limit"))).intValue());
      }
    };
  }

  private static Asked page(long number, long size) {
    return new Asked((number - 1) * size, (int) size);
  }

  private static long number(WireRequest request, String name) {
    return request.query().stream()
        .filter(parameter -> parameter.name().equals(name))
        .mapToLong(parameter -> Long.parseLong(parameter.value()))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " is missing in " + request));
  }

  @Override
  public void close() {
    // nothing is open
  }
}
