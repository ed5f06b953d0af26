package io.joblens.vendor;

import io.joblens.CredentialsException;
import io.joblens.spi.CredentialsProvider;
import io.joblens.testkit.FakeCloud;
import io.joblens.testkit.ManualTime;
import io.joblens.testkit.World;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.assertj.core.api.Assertions;

/** A metadata or token service on loopback; it gives its answers in turn, the last for ever. */
final class LoopbackService extends FakeCloud {
  /** In every secret of these tests; must show up nowhere. */
  static final String CANARY = "cAnArY";

  private final Queue<Reply> replies;

  LoopbackService(Reply... replies) {
    super(new World(ManualTime.startingAt(Instant.EPOCH)));
    this.replies = new ArrayDeque<>(List.of(replies));
  }

  @Override
  protected Reply handle(Request request) {
    Reply reply = replies.size() > 1 ? replies.remove() : replies.peek();
    return reply == null ? Reply.closeConnection() : reply;
  }

  /** Returns why the provider has no credentials; neither it nor a cause shows a secret. */
  static CredentialsException failure(CredentialsProvider provider) {
    CredentialsException failure =
        Assertions.catchThrowableOfType(CredentialsException.class, provider::resolve);
    Assertions.assertThat(failure).isNotNull();
    Assertions.assertThat(provider.toString()).doesNotContain(CANARY);
    for (Throwable link = failure; link != null; link = link.getCause()) {
      Assertions.assertThat(link.toString()).doesNotContain(CANARY);
    }
    return failure;
  }
}
