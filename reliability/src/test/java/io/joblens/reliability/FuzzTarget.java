package io.joblens.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblens.JobClient;
import io.joblens.JobException;
import io.joblens.JobFleet;
import io.joblens.JobQuery;
import io.joblens.JobServiceException;
import io.joblens.JobServiceException.Kind;
import io.joblens.PageToken;
import io.joblens.alibaba.Acs3Signer;
import io.joblens.alibaba.AlibabaCredentials;
import io.joblens.huawei.HuaweiCredentials;
import io.joblens.huawei.SdkHmacSigner;
import io.joblens.reliability.Operation.Place;
import io.joblens.spi.Call;
import io.joblens.spi.Credentials;
import io.joblens.spi.CredentialsFile;
import io.joblens.spi.CredentialsProvider;
import io.joblens.spi.Endpoint;
import io.joblens.spi.Environment;
import io.joblens.spi.HttpTransport;
import io.joblens.spi.Json;
import io.joblens.spi.JsonReader;
import io.joblens.spi.Quota;
import io.joblens.spi.Rate;
import io.joblens.spi.ServiceError;
import io.joblens.spi.Signer;
import io.joblens.spi.WireRequest;
import io.joblens.spi.WireResponse;
import io.joblens.tencent.Tc3Signer;
import io.joblens.tencent.TencentCredentials;
import io.joblens.testkit.Unlimited;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What must stand any input: it ends well or in an exception of JobLens. Whatever else is thrown is
 * a finding. An input of more parts than one has them in lines.
 */
enum FuzzTarget {
  /** Answers of SAE. The first byte names the reader, the second which of its answers it is. */
  SAE {
    @Override
    void run(byte[] data) {
      Inputs.read("SAE", data);
    }
  },
  /** Answers of SchedulerX, as for SAE. */
  SCHEDULERX {
    @Override
    void run(byte[] data) {
      Inputs.read("SchedulerX", data);
    }
  },
  /** Answers of Tencent Batch, as for SAE. */
  BATCH {
    @Override
    void run(byte[] data) {
      Inputs.read("Batch", data);
    }
  },
  /** Answers of Huawei Workspace and of IAM, as for SAE. */
  WORKSPACE {
    @Override
    void run(byte[] data) {
      Inputs.read("Workspace|IAM", data);
    }
  },
  /** Any answer for an error. The first byte names the reader, the second the status. */
  ERRORS {
    @Override
    void run(byte[] data) {
      if (data.length < 2) {
        return;
      }
      Reading reading = Inputs.READINGS.get(Math.floorMod(data[0], Inputs.READINGS.size()));
      int status = 200 + 4 * Byte.toUnsignedInt(data[1]);
      WireResponse response = new WireResponse(status, Map.of(), Inputs.from(data, 2));
      Optional<ServiceError> error = reading.provider().error(Inputs.CALL, response);
      assertThat(error.isPresent() || response.isSuccessful()).isTrue();
      error.map(ServiceError::kind).ifPresent(kind -> assertThat(kind).isNotNull());
    }
  },
  /** The headers Retry-After, twice, x-acs-retry-after, X-RateLimit-User, and Date. */
  RETRY_AFTER {
    @Override
    void run(byte[] data) {
      List<String> lines = Inputs.lines(data);
      Map<String, List<String>> headers =
          Map.of(
              "retry-after", List.of(lines.get(0), lines.get(1)),
              "x-acs-retry-after", List.of(lines.get(2)),
              "x-ratelimit-user", List.of(lines.get(3)),
              "date", List.of(lines.get(4)));
      Inputs.throttled = new WireResponse(429, headers, new byte[0]);
      for (Map.Entry<Operation, JobClient> each : Inputs.CLIENTS.entrySet()) {
        try {
          each.getKey().call(each.getValue());
        } catch (JobServiceException e) {
          assertThat(e.kind()).isEqualTo(Kind.THROTTLED);
          e.retryAfter().ifPresent(wait -> assertThat(wait.isNegative()).isFalse());
        }
      }
    }
  },
  /** A time in a row of each vendor, as it stands and as text. */
  DATES {
    @Override
    void run(byte[] data) {
      String text = new String(data, StandardCharsets.UTF_8);
      Inputs.TIMES.forEach(
          (operation, reading) -> {
            for (String value : List.of(text, Json.write(text))) {
              byte[] body = operation.with(Place.TIME, value).getBytes(StandardCharsets.UTF_8);
              reading.run(call -> new WireResponse(200, Map.of(), body));
            }
          });
    }
  },
  /** Names and values of parameters, in turn, for the canonical query and the three signers. */
  QUERY {
    @Override
    void run(byte[] data) {
      List<String> lines = Inputs.lines(data);
      WireRequest.Builder there = WireRequest.post(Inputs.ENDPOINT).path("/a");
      WireRequest.Builder back = WireRequest.post(Inputs.ENDPOINT).path("/a");
      for (int i = 0; i + 1 < lines.size(); i += 2) {
        there.query(lines.get(i), lines.get(i + 1));
        int last = (lines.size() / 2 - 1) * 2 - i;
        back.query(lines.get(last), lines.get(last + 1));
      }
      String body = new String(data, StandardCharsets.UTF_8);
      WireRequest one = there.header("X-TC-Action", "A").body(body).build();
      WireRequest other = back.header("X-TC-Action", "A").body(body).build();
      assertThat(one.canonicalQuery()).isEqualTo(other.canonicalQuery());
      assertThat(one.canonicalQuery()).matches("[A-Za-z0-9_.~%&=-]*");
      for (Signer signer : Inputs.SIGNERS) {
        String signed = Inputs.authorization(signer, one);
        assertThat(signed).matches("[ -~]+");
        if (!(signer instanceof Tc3Signer)) { // which does not sort: it says so
          assertThat(Inputs.authorization(signer, other)).isEqualTo(signed);
        }
      }
    }
  },
  /** An endpoint, an id in the path, a parameter, a header. */
  URL {
    @Override
    void run(byte[] data) {
      List<String> lines = Inputs.lines(data);
      Endpoint endpoint = Inputs.ENDPOINT;
      try {
        endpoint =
            Endpoint.parse(
                lines.get(0), List.of("example.com"), Endpoint.Trust.FOREIGN_HOSTS_AND_PLAIN_HTTP);
      } catch (JobException e) {
        assertThat(e.getMessage()).startsWith("endpoint ");
      }
      WireRequest.Builder builder = WireRequest.get(endpoint).query(lines.get(2), lines.get(3));
      boolean isId = Inputs.isAllowed(() -> builder.id("id", lines.get(1)));
      boolean isHeader = Inputs.isAllowed(() -> builder.header("x-header", lines.get(4)));
      WireRequest request = builder.build();
      URI url = URI.create(request.url());
      assertThat(url.getAuthority()).isEqualTo(endpoint.authority());
      assertThat(url.getPath()).isEqualTo(isId ? "/" + lines.get(1) : "/");
      assertThat(url.getRawFragment()).isNull();
      assertThat(request.header("x-header").isPresent()).isEqualTo(isHeader);
    }
  },
  /** A credentials file, as each vendor's tools keep it. */
  CREDENTIALS {
    @Override
    void run(byte[] data) {
      for (String name : Inputs.CREDENTIALS_FILES) {
        Inputs.write(name, data);
      }
      CredentialsFile file = CredentialsFile.read(Inputs.HOME.resolve("file")).orElseThrow();
      Inputs.allowed(file::ini);
      Inputs.allowed(file::json);
      for (CredentialsProvider provider : Inputs.PROVIDERS) {
        Inputs.allowed(provider::resolve);
      }
      Inputs.allowed(() -> HuaweiCredentials.projectId(Inputs.ENVIRONMENT));
    }
  },
  /** A page token: its value, and what it holds, with each cloud's own fingerprint of the query. */
  TOKEN {
    @Override
    void run(byte[] data) {
      String text = new String(data, StandardCharsets.UTF_8);
      Inputs.LISTINGS.forEach(
          (client, fingerprint) -> {
            String inner = text.replace("FINGERPRINT", fingerprint);
            String outer = Inputs.BASE64.encodeToString(inner.getBytes(StandardCharsets.UTF_8));
            for (String token : List.of(text, outer)) {
              Inputs.allowed(() -> client.listRuns(JobQuery.ALL, new PageToken(token)));
            }
          });
    }
  },
  /** A configuration file. */
  CONFIG {
    @Override
    void run(byte[] data) {
      Path file = Inputs.write("config.yaml", data);
      Inputs.allowed(
          () -> {
            try (JobFleet fleet = JobFleet.fromConfig(file, Inputs.ENVIRONMENT)) {
              return fleet.clients().toString();
            }
          });
    }
  };

  abstract void run(byte[] data);

  /** The directory of the inputs to begin with, which every build runs. */
  Path corpus() {
    return Path.of("src/test/resources/fuzz", name().toLowerCase(Locale.ROOT));
  }

  /** What the targets need; made once, when the first of them runs. */
  private static final class Inputs {
    static final List<Reading> READINGS = Reading.all();
    static final Answers ANSWERS = Answers.all();
    static final Endpoint ENDPOINT = Endpoint.https("example.com");
    static final Call CALL =
        Call.read("Action", new Quota("q", Rate.perSecond(1)), WireRequest.get(ENDPOINT).build());
    static final Map<Operation, Reading> TIMES =
        Map.of(
            Operation.DESCRIBE_JOB_HISTORY, reading("SAE runs"),
            Operation.GET_JOB_INSTANCE, reading("SchedulerX get"),
            Operation.DESCRIBE_JOBS, reading("Batch runs"),
            Operation.LIST_TASK_EXECUTE_HISTORY, reading("Workspace runs"));
    static final List<Signer> SIGNERS =
        List.of(
            new Acs3Signer(),
            new Tc3Signer("batch", Tc3Signer.SIGNED_HEADERS),
            new SdkHmacSigner());
    static final Credentials KEY = Credentials.temporary("id", "secret", "token", null);

    /** What the clients' requests are answered with. */
    static volatile WireResponse throttled = new WireResponse(429, Map.of(), new byte[0]);

    static final Map<Operation, JobClient> CLIENTS =
        Map.of(
            Operation.DESCRIBE_JOB, throttled(Operation.DESCRIBE_JOB),
            Operation.DESCRIBE_JOBS, throttled(Operation.DESCRIBE_JOBS),
            Operation.LIST_TASK_EXECUTE_HISTORY, throttled(Operation.LIST_TASK_EXECUTE_HISTORY));
    static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    /** Clients whose listings go on, and how a token of theirs names the query. */
    static final Map<JobClient, String> LISTINGS =
        Stream.of(
                Operation.DESCRIBE_JOB_HISTORY,
                Operation.DESCRIBE_JOBS,
                Operation.LIST_TASK_EXECUTE_HISTORY)
            .map(Inputs::listing)
            .collect(Collectors.toMap(client -> client, Inputs::fingerprint));

    static final Path HOME = home();
    static final Environment ENVIRONMENT = Environment.of(Map.of("HOME", HOME.toString()));
    static final List<String> CREDENTIALS_FILES =
        List.of(
            "file",
            ".aliyun/config.json",
            ".alibabacloud/credentials.ini",
            ".tencentcloud/credentials",
            ".tccli/default.credential",
            ".huaweicloud/credentials");
    static final List<CredentialsProvider> PROVIDERS =
        List.of(
            AlibabaCredentials.usual(ENVIRONMENT, Optional.empty()),
            AlibabaCredentials.usual(ENVIRONMENT, Optional.of("p")),
            TencentCredentials.usual(ENVIRONMENT, Optional.empty()),
            TencentCredentials.usual(ENVIRONMENT, Optional.of("p")),
            HuaweiCredentials.usual(ENVIRONMENT));

    private Inputs() {}

    private static Path home() {
      try {
        Path home = Files.createTempDirectory("joblens-fuzz");
        home.toFile().deleteOnExit();
        return home;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    static void read(String names, byte[] data) {
      if (data.length < 2) {
        return;
      }
      List<Reading> own =
          READINGS.stream().filter(each -> each.toString().matches("(" + names + ") .*")).toList();
      Reading reading = own.get(Math.floorMod(data[0], own.size()));
      List<String> actions = reading.actions();
      String action = actions.get(Math.floorMod(data[1], actions.size()));
      WireResponse input = new WireResponse(200, Map.of(), from(data, 2));
      reading.run(
          call ->
              call.action().equals(action)
                  ? input
                  : ANSWERS.of(reading.provider().id().value(), call.action()).get(0).response());
    }

    static byte[] from(byte[] data, int from) {
      return Arrays.copyOfRange(data, from, data.length);
    }

    /** Returns the lines, and empty ones after them up to five. */
    static List<String> lines(byte[] data) {
      String text = new String(data, StandardCharsets.UTF_8);
      return Stream.concat(Stream.of(text.split("\n", -1)), Stream.generate(() -> "").limit(5))
          .toList();
    }

    /** Tells whether a builder takes the value: it promises this exception for what it does not. */
    static boolean isAllowed(Runnable builder) {
      try {
        builder.run();
        return true;
      } catch (IllegalArgumentException e) {
        assertThat(e.getClass()).isEqualTo(IllegalArgumentException.class);
        return false;
      }
    }

    static void allowed(Callable<?> work) {
      try {
        assertThat(String.valueOf(work.call())).isNotNull();
      } catch (JobException e) {
        assertThat(e.getMessage()).isNotBlank();
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }

    static Path write(String name, byte[] data) {
      try {
        Path file = HOME.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, data);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    static String authorization(Signer signer, WireRequest request) {
      return signer
          .sign(request, KEY, Operation.TIME, "0123456789abcdef0123456789abcdef")
          .header("authorization")
          .orElseThrow();
    }

    private static Reading reading(String name) {
      return READINGS.stream()
          .filter(each -> each.toString().equals(name))
          .findFirst()
          .orElseThrow();
    }

    private static JobClient throttled(Operation operation) {
      return client(operation, () -> throttled);
    }

    /** Returns a client of a vendor that counts more rows than it gives. */
    private static JobClient listing(Operation operation) {
      String json = operation.json().replaceFirst("\"(TotalSize|TotalCount|count)\":2", "\"$1\":9");
      byte[] body = json.getBytes(StandardCharsets.UTF_8);
      return client(operation, () -> new WireResponse(200, Map.of(), body));
    }

    private static String fingerprint(JobClient client) {
      PageToken token = client.listRuns(JobQuery.ALL).nextPageToken().orElseThrow();
      Object json = JsonReader.readTree(Base64.getUrlDecoder().decode(token.value()));
      return json instanceof Map<?, ?> map ? String.valueOf(map.get("h")) : "";
    }

    private static JobClient client(Operation operation, Supplier<WireResponse> answer) {
      return operation
          .builder()
          .credentials(KEY)
          .limiter(Unlimited.INSTANCE)
          .time(new SkippingTime())
          .transport(
              new HttpTransport() {
                @Override
                public CompletableFuture<WireResponse> send(
                    WireRequest request, Duration limit, long maxDecodedBytes) {
                  return CompletableFuture.completedFuture(answer.get());
                }

                @Override
                public void close() {}
              })
          .build();
    }
  }
}
