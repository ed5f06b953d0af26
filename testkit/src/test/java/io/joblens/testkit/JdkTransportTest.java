package io.joblens.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblens.spi.Endpoint;
import io.joblens.spi.WireRequest;
import io.joblens.spi.WireResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

class JdkTransportTest {
  private final Set<Thread> connections = ConcurrentHashMap.newKeySet();

  @Test
  void cancellingAnAnsweredExchangeLeavesItsConnectionToTheNext() throws IOException {
    try (LoopbackServer server = new LoopbackServer(0, this::answer);
        JdkTransport transport = new JdkTransport()) {
      WireRequest request =
          WireRequest.get(
                  Endpoint.parse(
                      "http://127.0.0.1:" + server.port(),
                      List.of(),
                      Endpoint.Trust.FOREIGN_HOSTS_AND_PLAIN_HTTP))
              .build();
      for (int i = 0; i < 20; i++) {
        CompletableFuture<WireResponse> exchange =
            transport.send(request, Duration.ofSeconds(20), 1 << 10);
        // as the shell does when the future it handed out has ended
        assertThat(exchange.whenComplete((answer, problem) -> exchange.cancel(true)))
            .succeedsWithin(Duration.ofSeconds(20));
      }
    }
    assertThat(connections).hasSize(1);
  }

  private FakeCloud.Reply answer(FakeCloud.Request request) {
    connections.add(Thread.currentThread()); // the server has one for each connection
    return FakeCloud.Reply.json(Map.of());
  }
}
