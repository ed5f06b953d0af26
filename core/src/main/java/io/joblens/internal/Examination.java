package io.joblens.internal;

import io.joblens.CallTimeoutException;
import io.joblens.CheckUp;
import io.joblens.CheckUp.Check;
import io.joblens.ClientClosedException;
import io.joblens.CredentialsException;
import io.joblens.Job;
import io.joblens.JobCancelledException;
import io.joblens.JobDataException;
import io.joblens.JobException;
import io.joblens.JobRef;
import io.joblens.JobServiceException;
import io.joblens.JobServiceException.Kind;
import io.joblens.JobTransportException;
import io.joblens.spi.Call;
import io.joblens.spi.Credentials;
import io.joblens.spi.CredentialsFile;
import io.joblens.spi.JobProvider;
import io.joblens.spi.JsonReader;
import io.joblens.spi.Probe;
import io.joblens.spi.ServiceError;
import io.joblens.spi.Sha256;
import io.joblens.spi.Step;
import io.joblens.spi.WireDataException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Tries a cloud's set-up, from the credentials on. */
final class Examination {
  /** Each costs a call, and calls are what is scarce. */
  private static final int MOST_JOBS = 10;

  private static final String CHECK_WAY = "check the network, firewall, proxy and the endpoint";

  private final JobProvider provider;
  private final ClientSettings settings;
  private final Shell shell;
  private final Supplier<JobProvider> connect;
  private final Set<String> spared;
  private final List<Check> checks = new ArrayList<>();
  private final List<String> untried = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  /** Hosts and regions of which no other answer can be expected. */
  private final Set<String> lost = new HashSet<>();

  /** Regions that are known to be some. */
  private final Set<String> reached = new HashSet<>();

  /** Once is enough: vendors lock a key after some failures in a row, of whoever's. */
  private boolean refused;

  /**
   * @param spared the keys that nothing is to be sent with
   */
  Examination(
      JobProvider provider,
      ClientSettings settings,
      Shell shell,
      Supplier<JobProvider> connect,
      Set<String> spared) {
    this.provider = provider;
    this.settings = settings;
    this.shell = shell;
    this.connect = connect;
    this.spared = spared;
  }

  CheckUp run() {
    // to get credentials may take a password, which is locked as a key is
    String key = fingerprint(settings.credentials().toString());
    Optional<Credentials> credentials = Optional.empty();
    if (isSpared(key)) {
      checks.add(spare());
    } else {
      credentials = attempt("credentials", null, shell::credentials);
      key = credentials.map(Examination::key).orElse(key);
      if (credentials.isPresent() && isSpared(key)) {
        checks.set(0, spare());
      } else if (credentials.isPresent()) {
        attempt("project", null, connect).ifPresent(this::operations);
      }
    }
    Optional<String> source = credentials.flatMap(Credentials::source);
    CredentialsFile.openToOthers().stream()
        .filter(path -> source.filter(text -> text.startsWith(path.toString())).isPresent())
        .map(path -> path + " is open to other users than its owner; run: chmod 600 " + path)
        .forEach(warnings::add);
    return new CheckUp(
        settings.name(),
        settings.account(),
        provider.id(),
        settings.regions(),
        credentials.map(Examination::described),
        credentials.isPresent() || refused || isSpared(key) ? Optional.of(key) : Optional.empty(),
        shell.clockSkew(),
        checks,
        untried,
        warnings);
  }

  private void operations(JobProvider ready) {
    for (Probe probe : ready.probes()) {
      attempt(probe, probe.call().action(), answered(probe.call()), List.of(probe.region()));
    }
    List<List<JobRef>> jobs = ready.namedJobs();
    jobs.stream().limit(MOST_JOBS).forEach(places -> job(ready, places));
    if (jobs.size() > MOST_JOBS) {
      warnings.add(
          "only the first "
              + MOST_JOBS
              + " of the "
              + jobs.size()
              + " configured jobs were tried; read the others' definitions one by one");
    }
  }

  /** Looks for a job that the configuration names, in each place where it may be. */
  private void job(JobProvider ready, List<JobRef> places) {
    JobRef first = places.get(0);
    Step<?> step = found(ready, places);
    if (step instanceof Step.Ask<?> ask) {
      Probe probe = new Probe(first.region(), ask.call(), true);
      List<String> regions = places.stream().map(JobRef::region).distinct().toList();
      attempt(probe, ask.call().action() + " of " + first.jobId(), step.map(job -> true), regions);
    }
  }

  private static Step<Job.Builder> found(JobProvider ready, List<JobRef> places) {
    Step<Job.Builder> here = ready.job(places.get(0));
    if (places.size() == 1) {
      return here;
    }
    return here.recover(
        error ->
            error.kind() == Kind.NOT_FOUND
                ? Optional.of(found(ready, places.subList(1, places.size())))
                : Optional.empty());
  }

  private boolean isSpared(String key) {
    return spared.contains(key);
  }

  private static Check spare() {
    JobException problem =
        new CredentialsException(
            "not tried, because the vendor has refused this key before and may lock one that fails"
                + " on; repair that first");
    return new Check("credentials", Optional.empty(), Optional.empty(), Optional.of(problem));
  }

  /** Tries an operation, unless what came of those before holds for it too. */
  private void attempt(Probe probe, String what, Step<Boolean> step, List<String> regions) {
    if (refused || lost.contains(probe.region()) || lost.contains(probe.call().request().host())) {
      boolean isOneOfSeveral = settings.regions().size() > 1;
      untried.add(what + (isOneOfSeveral ? " in " + String.join(", ", regions) : ""));
    } else {
      Step<Boolean> tried = step.recover(error -> misdirected(probe, regions, error));
      attempt(what, probe, () -> shell.run(provider, () -> tried, settings.timeouts().call()));
    }
  }

  /** The answer's rows are of no interest, errors in it are, and that it is the vendor's at all. */
  private Step<Boolean> answered(Call call) {
    return Step.ask(
        call,
        response -> {
          Optional<ServiceError> error = provider.error(call, response);
          if (error.isEmpty()) {
            Object body = JsonReader.readTree(response.body());
            if (!(body instanceof Map || body instanceof List)) {
              throw new WireDataException("the body", "is neither an object nor an array");
            }
          }
          return error.map(Step::<Boolean>failed).orElseGet(() -> Step.done(true));
        });
  }

  /**
   * A request is known to be right, so what the vendor has against it, or does not find, is where
   * it went. What a request made up need not be there.
   */
  private static Optional<Step<Boolean>> misdirected(
      Probe probe, List<String> regions, ServiceError error) {
    if (probe.harmless().contains(error.kind())) {
      return Optional.of(Step.done(true));
    }
    if (error.kind() != Kind.NOT_FOUND && error.kind() != Kind.INVALID_REQUEST) {
      return Optional.empty();
    }
    String hint =
        error.hint().map(text -> text + "; ").orElse("")
            + configured(regions)
            + ", and the ids and the endpoint, each of which belongs to one region";
    return Optional.of(Step.failed(error.toBuilder().hint(hint).build()));
  }

  private static String configured(List<String> regions) {
    return regions.size() == 1
        ? "configured is the region " + regions.get(0) + ": check it"
        : "configured are the regions " + String.join(", ", regions) + ": check them";
  }

  /** Adds what to do to what happens between this machine and the vendor. */
  private JobException explained(JobException problem, Optional<String> host) {
    JobException better = problem;
    if (problem instanceof JobTransportException lostOnTheWay) {
      String hint =
          switch (lostOnTheWay.kind()) {
            case DNS -> checkNames(host.orElseGet(problem::detail));
            case TLS -> "check the endpoint, proxy and which certificates this Java trusts";
            case CONNECT, CONNECTION_LOST, ATTEMPT_TIMEOUT -> CHECK_WAY;
            case REDIRECT_REFUSED -> ""; // says it itself
          };
      if (!hint.isEmpty()) {
        String detail = problem.detail().substring((lostOnTheWay.kind() + ": ").length());
        better = new JobTransportException(lostOnTheWay.kind(), detail + "; " + hint, problem);
      }
    } else if (isMalformed(problem)) {
      String detail = problem.detail().substring((JobDataException.Kind.MALFORMED + ": ").length());
      better =
          new JobDataException(
              JobDataException.Kind.MALFORMED,
              detail + "; check the endpoint and proxy: this may be no answer of the vendor's",
              problem);
    } else if (problem instanceof CallTimeoutException) {
      better = new CallTimeoutException(problem.detail() + "; " + CHECK_WAY);
      better.initCause(problem);
    }
    return better.at(
        settings.name(), provider.id(), problem.operation().orElse(null), problem.attempts());
  }

  private static boolean isMalformed(JobException problem) {
    return problem instanceof JobDataException data
        && data.kind() == JobDataException.Kind.MALFORMED;
  }

  /** A region that is none makes a host that is none, where hosts are called after regions. */
  private String checkNames(String where) {
    List<String> named = settings.regions().stream().filter(where::contains).toList();
    return "check the network, DNS and proxy"
        + (named.isEmpty() ? "" : "; " + configured(named) + ", too");
  }

  private <T> Optional<T> attempt(String what, @Nullable Probe probe, Supplier<T> work) {
    Optional<String> region = Optional.ofNullable(probe).map(Probe::region);
    Optional<String> host = Optional.ofNullable(probe).map(sent -> sent.call().request().host());
    try {
      T result = work.get();
      region.ifPresent(reached::add);
      if (probe != null || result instanceof Credentials) {
        // most providers look up no project
        checks.add(new Check(what, region, host, Optional.empty()));
      }
      return Optional.of(result);
    } catch (ClientClosedException | JobCancelledException e) {
      throw e;
    } catch (JobException e) {
      checks.add(new Check(what, region, host, Optional.of(explained(e, host))));
      if (e instanceof JobServiceException service) {
        refused |= isRefusal(service.kind());
        // what is not taken at once is the region; later it is the operation
        region
            .filter(name -> reached.add(name) && service.kind() == Kind.INVALID_REQUEST)
            .ifPresent(lost::add);
      } else if (e instanceof JobTransportException
          || e instanceof CallTimeoutException
          || isMalformed(e)) {
        host.ifPresent(lost::add);
      }
      return Optional.empty();
    }
  }

  private static boolean isRefusal(Kind kind) {
    return switch (kind) {
      case AUTHENTICATION, EXPIRED_CREDENTIALS, CLOCK_SKEW -> true;
      default -> false;
    };
  }

  private static String key(Credentials credentials) {
    return fingerprint(
        credentials instanceof Credentials.AccessKey key
            ? key.id()
            : ((Credentials.Token) credentials).value());
  }

  /** Too short to say anything about what it is of, and long enough to tell one from another. */
  private static String fingerprint(String text) {
    return Sha256.hex(text).substring(0, 8);
  }

  /** Enough of the id to tell keys apart, and nothing of a secret. */
  private static String described(Credentials credentials) {
    String who = "a token";
    if (credentials instanceof Credentials.AccessKey key) {
      String id = key.id();
      String shown =
          id.length() < 12 ? "***" : id.substring(0, 4) + "***" + id.substring(id.length() - 4);
      who = (key.token().isPresent() ? "temporary access key " : "access key ") + shown;
    }
    return who + credentials.source().map(source -> " from " + source).orElse(", given explicitly");
  }
}
