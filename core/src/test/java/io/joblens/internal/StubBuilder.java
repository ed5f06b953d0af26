package io.joblens.internal;

import io.joblens.JobClientBuilder;
import io.joblens.spi.Credentials;
import io.joblens.spi.CredentialsProvider;
import io.joblens.spi.CredentialsSource;
import io.joblens.spi.Endpoint;
import io.joblens.spi.JobProvider;
import io.joblens.spi.RateLimiter;
import java.time.Duration;
import java.util.List;

/** Builds clients of {@link StubProvider}. */
final class StubBuilder extends JobClientBuilder<StubBuilder> {
  static final RateLimiter UNLIMITED = (key, rate, now, longest) -> Duration.ZERO;

  private final StubProvider provider;

  StubBuilder(StubProvider provider) {
    this.provider = provider;
  }

  /** Returns a builder of a client that waits for nothing. */
  static StubBuilder of(StubProvider provider, StubTransport transport) {
    return new StubBuilder(provider)
        .region("r1")
        .account("acc")
        .credentials(Credentials.accessKey("the-id", "canary-the-secret-0123456789"))
        .transport(transport)
        .limiter(UNLIMITED)
        .time(TestTime.jumping());
  }

  static StubBuilder of(StubProvider provider, StubCloud cloud) {
    return of(provider, cloud.transport());
  }

  @Override
  protected JobProvider provider() {
    requireRegions();
    endpoint(List.of("stub.example")).ifPresent((Endpoint given) -> provider.endpoint = given);
    return provider;
  }

  @Override
  protected CredentialsProvider defaultCredentials() {
    return CredentialsProvider.firstOf(
        "default",
        List.of(
            CredentialsSource.variables(
                environment(), "STUB_ID", "STUB_SECRET", List.of("STUB_TOKEN"))));
  }
}
