package io.joblens.internal;

import io.joblens.CheckUp;
import io.joblens.CheckUp.Check;
import io.joblens.ClientClosedException;
import io.joblens.JobCancelledException;
import io.joblens.JobException;
import io.joblens.JobServiceException;
import io.joblens.JobServiceException.Kind;
import io.joblens.spi.Call;
import io.joblens.spi.Credentials;
import io.joblens.spi.CredentialsFile;
import io.joblens.spi.JobProvider;
import io.joblens.spi.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Tries a cloud's set-up, from the credentials on. */
final class Examination {
  /** Vendors lock a key after some failures in a row, and somebody else may have had some. */
  private static final int MOST_REFUSALS = 2;

  private final JobProvider provider;
  private final ClientSettings settings;
  private final Shell shell;
  private final Supplier<JobProvider> connect;
  private final List<Check> checks = new ArrayList<>();
  private int refusals;

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
                for (Call call : ready.probes()) {
                  if (refusals < MOST_REFUSALS) {
                    attempt(call.action(), call, () -> probe(call));
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
  private Boolean probe(Call call) {
    Step<Boolean> step =
        Step.ask(
            call,
            response ->
                provider
                    .error(call, response)
                    .map(Step::<Boolean>failed)
                    .orElseGet(() -> Step.done(true)));
    return shell.run(
        provider,
        () ->
            step.recover(
                error ->
                    error.kind() == Kind.NOT_FOUND
                        ? Optional.of(Step.done(true))
                        : Optional.empty()),
        settings.timeouts().call());
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
      if (e instanceof JobServiceException refused && isRefusal(refused.kind())) {
        refusals++;
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
