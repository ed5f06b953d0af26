package io.joblens.testkit;

import io.joblens.JobState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;

/** A program that uses a fake client where no socket can be made. */
public final class NoSockets {
  private NoSockets() {}

  /** Waits for a run that ends after a quarter of an hour. */
  @SuppressWarnings("deprecation") // nothing else makes a whole JVM refuse sockets
  public static void main(String[] arguments) throws Exception {
    Socket.setSocketImplFactory(
        () -> {
          throw new IllegalStateException("socket refused");
        });
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), 9)) {
      System.out.println("the trap does not work: " + socket);
    } catch (IllegalStateException | IOException e) {
      System.out.println(e.getMessage());
    }
    FakeJobClient client =
        FakeJobClient.builder()
            .add(
                FakeJobClient.run("r1")
                    .at(Duration.ZERO, JobState.RUNNING)
                    .at(Duration.ofMinutes(15), JobState.SUCCEEDED))
            .build();
    System.out.println(
        "ended as "
            + client
                .waiter()
                .until(List.of(client.runRef("r1")), Duration.ofMinutes(30))
                .get(0)
                .state());
  }
}
