package io.joblens.reliability;

import io.joblens.reliability.Vendor.Trouble;
import io.joblens.spi.TimeSource;
import io.joblens.testkit.FakeCloud;
import io.joblens.testkit.FakeCloud.Reply;
import io.joblens.testkit.World;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * The program that has the four clouds of {@link SoakTest}, in a JVM of its own so that neither
 * their threads nor their memory count as the clients'. It prints the ports, then, for each line
 * that it reads, how many requests and faults there were and how many connections are open, and
 * ends with its input.
 */
final class SoakServer {
  static final String KEY = "soak-";

  /** So many keys take turns, so that one that is called expired is followed by another. */
  static final int KEYS = 64;

  private static final double SHARE = 0.05;

  /** Longer than any good answer takes, shorter than an attempt may. */
  private static final Duration HANG = Duration.ofSeconds(1);

  private static final AtomicLong REQUESTS = new AtomicLong();
  private static final AtomicLong FAULTS = new AtomicLong();

  private SoakServer() {}

  /** Opens the clouds; the argument is how many seconds the soak lasts. */
  public static void main(String[] arguments) throws IOException {
    Duration whole = Duration.ofSeconds(Long.parseLong(arguments[0]));
    List<FakeCloud> clouds = new ArrayList<>();
    for (SoakCloud each : SoakCloud.values()) {
      World world = new World(TimeSource.system());
      each.fill(world, whole);
      FakeCloud cloud = each.open(world);
      for (int i = 0; i < KEYS; i++) {
        cloud.addKey(KEY + i, Canaries.SECRET, Canaries.TOKEN);
      }
      cloud.onReply((request, reply) -> answer(each, cloud, reply));
      clouds.add(cloud);
    }
    System.out.println(
        clouds.stream()
            .map(cloud -> Integer.toString(cloud.port()))
            .collect(Collectors.joining(" ")));
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    while (in.readLine() != null) {
      int connections = clouds.stream().mapToInt(FakeCloud::connections).sum();
      System.out.println(REQUESTS + " " + FAULTS + " " + connections);
    }
    clouds.forEach(FakeCloud::close);
  }

  private static Reply answer(SoakCloud soaked, FakeCloud cloud, Reply good) {
    if (REQUESTS.incrementAndGet() % 1000 == 0) {
      cloud.clearRequests(); // nobody asks for them
    }
    ThreadLocalRandom random = ThreadLocalRandom.current();
    if (random.nextDouble() >= SHARE) {
      return good;
    }
    FAULTS.incrementAndGet();
    byte[] body = good.body();
    int half = body.length / 2;
    return switch (random.nextInt(10)) {
      case 0 -> Reply.of(503, "text/html", "<html>no upstream</html>");
      case 1 -> Reply.of(429, "application/json", "{}").header("Retry-After", "0");
      case 2 -> Reply.of(429, "application/json", "{}").header("Retry-After", "1");
      case 3 -> Reply.closeConnection();
      case 4 -> Reply.resetConnection();
      case 5 -> good.cutAfter(half);
      case 6 -> {
        LockSupport.parkNanos(HANG.toNanos());
        yield good;
      }
      case 7 -> Reply.of(200, "application/json", Arrays.copyOf(body, half));
      case 8 ->
          Reply.of(401, "application/json", soaked.vendor().error(401, Trouble.EXPIRED).body());
      default ->
          Reply.of(200, "application/json", "no gzip, whatever the header says")
              .header("Content-Encoding", "gzip");
    };
  }
}
