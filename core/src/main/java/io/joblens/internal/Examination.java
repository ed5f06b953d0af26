package io.joblens.internal;

import io.joblens.CheckUp;
import io.joblens.CheckUp.Check;
import io.joblens.ClientClosedException;
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
import io.joblens.spi.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Tries a cloud's set-up, from the credentials on. */
final class Examination {
  private final JobProvider provider;
  private final ClientSettings settings;
  private final Shell shell;
  private final Supplier<JobProvider> connect;
  private final List<Check> checks = new ArrayList<>();

  /** Once is enough: vendors lock a key after some failures in a row, of whoever's. */
  private boolean refused;

  Examination(
      JobProvider provider, ClientSettings settings, Shell shell, Supplier<JobProvider> connect) {
    this.provider = provider;
    this.settings = settings;
    this.shell = shell;
    this.connect = connect;
  }

  CheckUp run() {
    Optional<Credentials> credentials = attempt("credentials", null, shell::credentials);
    if (credentials.isPresent()) {
      attempt("project", null, connect)
          .ifPresent(
              ready -> {
                for (Probe probe : ready.probes()) {
                  if (!refused) {
                    attempt(probe.call().action(), probe.call(), () -> send(probe));
                  }
                }
              });
    }
    Optional<String> source = credentials.flatMap(Credentials::source);
    return new CheckUp(
        settings.name(),
        settings.account(),
        provider.id(),
        settings.regions(),
        credentials.map(Examination::described),
        shell.clockSkew(),
        checks,
        CredentialsFile.openToOthers().stream()
            .filter(path -> source.filter(text -> text.startsWith(path.toString())).isPresent())
            .map(path -> path + " is open to other users than its owner; run: chmod 600 " + path)
            .toList());
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
                    .map(error -> misdirected(probe, error).orElseGet(() -> Step.failed(error)))
                    .orElseGet(() -> Step.done(true)));
    try {
      return shell.run(
          provider,
          () -> step.recover(error -> misdirected(probe, error)),
          settings.timeouts().call());
    } catch (JobTransportException e) {
      throw e.kind() == JobTransportException.Kind.DNS
          ? new JobTransportException(e.kind(), e.detail() + "; " + checkRegion(), e)
              .at(settings.name(), provider.id(), call.action(), e.attempts())
          : e;
    }
  }

  /**
   * A request is known to be right, so what the vendor has against it, or does not find, is where
   * it went. What a request made up need not be there.
   */
  private Optional<Step<Boolean>> misdirected(Probe probe, ServiceError error) {
    if (error.kind() == Kind.NOT_FOUND && !probe.named()) {
      return Optional.of(Step.done(true));
    }
    if (error.kind() != Kind.NOT_FOUND && error.kind() != Kind.INVALID_REQUEST) {
      return Optional.empty();
    }
    String hint = error.hint().map(text -> text + "; ").orElse("") + checkRegion();
    return Optional.of(Step.failed(error.toBuilder().hint(hint).build()));
  }

  private String checkRegion() {
    List<String> regions = settings.regions();
    return "configured is the region "
        + String.join(", ", regions)
        + ": check it, and the ids and the endpoint, each of which belongs to one region";
  }

  private <T> Optional<T> attempt(String what, @Nullable Call call, Supplier<T> work) {
    Optional<String> host = Optional.ofNullable(call).map(sent -> sent.request().host());
    try {
      T result = work.get();
      if (call != null || result instanceof Credentials) {
        checks.add(new Check(what, host, Optional.empty())); // most providers look up no project
      }
      return Optional.of(result);
    } catch (ClientClosedException | JobCancelledException e) {
      throw e;
    } catch (JobException e) {
      checks.add(new Check(what, host, Optional.of(e)));
      refused |= e instanceof JobServiceException service && isRefusal(service.kind());
      return Optional.empty();
    }
  }

  private static boolean isRefusal(Kind kind) {
    return switch (kind) {
      case AUTHENTICATION, EXPIRED_CREDENTIALS, CLOCK_SKEW -> true;
      default -> false;
    };
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
