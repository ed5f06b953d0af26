package io.joblens.testkit.toy;

import io.joblens.CredentialsException;
import io.joblens.JobClientBuilder;
import io.joblens.ProviderId;
import io.joblens.spi.Credentials;
import io.joblens.spi.CredentialsProvider;
import io.joblens.spi.CredentialsSource;
import io.joblens.spi.Endpoint;
import io.joblens.spi.JobProvider;
import io.joblens.spi.Sha256;
import io.joblens.spi.Text;
import io.joblens.spi.WireRequest;
import java.time.Instant;
import java.util.List;

/** Makes clients for Toy Queue. This is what a user sees of a provider. */
final class ToyQueue {
  static final ProviderId ID = new ProviderId("toy-queue");

  private ToyQueue() {}

  static Builder builder() {
    return new Builder();
  }

  static final class Builder extends JobClientBuilder<Builder> {
    private String queue = "";

    Builder queue(String id) {
      queue = Text.requireId("queue", id);
      return this;
    }

    @Override
    protected JobProvider provider() {
      Endpoint endpoint =
          endpoint(List.of("toy.example")).orElseGet(() -> Endpoint.https("api.toy.example"));
      return new ToyProvider(endpoint, requireRegions().get(0), queue);
    }

    @Override
    protected CredentialsProvider defaultCredentials() {
      return CredentialsProvider.firstOf(
          "default",
          List.of(
              CredentialsSource.variables(
                  environment(), "TOY_KEY", "TOY_SECRET", List.of("TOY_TOKEN"))));
    }
  }

  /** Signs: pure, the same for the same arguments. */
  static WireRequest sign(WireRequest request, Credentials credentials, Instant now, String nonce) {
    if (!(credentials instanceof Credentials.AccessKey key)) {
      throw new CredentialsException("Toy Queue needs a key and a secret; give both");
    }
    WireRequest.Builder signed =
        request.toBuilder()
            .header("x-toy-key", key.id())
            .header("x-toy-date", Long.toString(now.getEpochSecond()));
    key.token().ifPresent(token -> signed.header("x-toy-token", token));
    WireRequest dated = signed.build();
    String text = toSign(dated.method(), dated.encodedPath(), dated.encodedQuery(), dated);
    return signed.header("x-toy-signature", Sha256.hmacHex(key.secret(), text)).build();
  }

  private static String toSign(String method, String path, String query, WireRequest request) {
    return String.join(
        "\n",
        method,
        request.host(),
        path,
        query,
        request.header("x-toy-date").orElse(""),
        request.header("x-toy-token").orElse(""),
        Sha256.hex(request.body()));
  }
}
