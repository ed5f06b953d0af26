package io.joblens.internal;

import io.joblens.CallTimeoutException;
import io.joblens.CheckUp;
import io.joblens.CheckUp.Check;
import io.joblens.ClientClosedException;
import io.joblens.CredentialsException;
import io.joblens.JobCancelledException;
import io.joblens.JobException;
import io.joblens.JobServiceException;
import io.joblens.JobServiceException.Kind;
import io.joblens.JobTransportException;
import io.joblens.spi.Call;
import io.joblens.spi.Credentials;
import io.joblens.spi.CredentialsFile;
import io.joblens.spi.JobProvider;
import io.joblens.spi.Probe;
import io.joblens.spi.ServiceError;
import io.joblens.spi.Sha256;
import io.joblens.spi.Step;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Tries a cloud's set-up, from the credentials on. */
final class Examination {
  private final JobProvider provider;
  private final ClientSettings settings;
  private final Shell shell;
  private final Supplier<JobProvider> connect;
  private final Set<String> spared;
  private final List<Check> checks = new ArrayList<>();
  private final List<String> untried = new ArrayList<>();

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
        attempt("project", null, connect).ifPresent(ready -> ready.probes().forEach(this::attempt));
      }
    }
    Optional<String> source = credentials.flatMap(Credentials::source);
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
        CredentialsFile.openToOthers().stream()
            .filter(path -> source.filter(text -> text.startsWith(path.toString())).isPresent())
            .map(path -> path + " is open to other users than its owner; run: chmod 600 " + path)
            .toList());
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
  private void attempt(Probe probe) {
    Call call = probe.call();
    if (refused || lost.contains(probe.region()) || lost.contains(call.request().host())) {
      boolean isOneOfSeveral = settings.regions().size() > 1;
      untried.add(call.action() + (isOneOfSeveral ? " in " + probe.region() : ""));
    } else {
      attempt(call.action(), probe, () -> send(probe));
    }
  }

  /** The answer's rows are of no interest, errors in it are. */
  private Boolean send(Probe probe) {
    Call call = probe.call();
    Step<Boolean> step =
        Step.ask(
            call,
            response ->
                provider
                    .error(call, response)
                    .map(Step::<Boolean>failed)
                    .orElseGet(() -> Step.done(true)));
    try {
      return shell.run(
          provider,
          () -> step.recover(error -> misdirected(probe, error)),
          settings.timeouts().call());
    } catch (JobTransportException e) {
      if (e.kind() != JobTransportException.Kind.DNS) {
        throw e;
      }
      String detail = e.detail().substring((e.kind() + ": ").length());
      throw new JobTransportException(e.kind(), detail + "; " + checkRegion(probe), e)
          .at(settings.name(), provider.id(), call.action(), e.attempts());
    }
  }

  /**
   * A request is known to be right, so what the vendor has against it, or does not find, is where
   * it went. What a request made up need not be there.
   */
  private static Optional<Step<Boolean>> misdirected(Probe probe, ServiceError error) {
    if (probe.harmless().contains(error.kind())) {
      return Optional.of(Step.done(true));
    }
    if (error.kind() != Kind.NOT_FOUND && error.kind() != Kind.INVALID_REQUEST) {
      return Optional.empty();
    }
    String hint = error.hint().map(text -> text + "; ").orElse("") + checkRegion(probe);
    return Optional.of(Step.failed(error.toBuilder().hint(hint).build()));
  }

  private static String checkRegion(Probe probe) {
    return "configured is the region "
        + probe.region()
        + ": check it, and the ids and the endpoint, each of which belongs to one region";
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
      checks.add(new Check(what, region, host, Optional.of(e)));
      if (e instanceof JobServiceException service) {
        refused |= isRefusal(service.kind());
        // what is not taken at once is the region; later it is the operation
        region
            .filter(name -> reached.add(name) && service.kind() == Kind.INVALID_REQUEST)
            .ifPresent(lost::add);
      } else if (e instanceof JobTransportException || e instanceof CallTimeoutException) {
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
