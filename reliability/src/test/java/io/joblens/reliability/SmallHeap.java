package io.joblens.reliability;

import io.joblens.JobClient;
import io.joblens.JobDataException;
import io.joblens.JobException;
import io.joblens.JobQuery;
import io.joblens.Timeouts;
import io.joblens.spi.Credentials;
import io.joblens.spi.Rate;
import io.joblens.tencent.batch.TencentBatch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;

/** The program that {@link SmallHeapTest} runs in a JVM of its own, with hardly any memory. */
final class SmallHeap {
  private static final int BOMB = 100 << 20;

  private SmallHeap() {}

  /** Asks for so many bombs and endless bodies in turn, and prints what came of them. */
  public static void main(String[] arguments) {
    int asked = Integer.parseInt(arguments[0]);
    byte[] bomb = bomb();
    Fault fault =
        (request, wire) -> {
          if (request.number() % 2 == 0) {
            wire.send(
                "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: "
                    + bomb.length
                    + "\r\n\r\n");
            wire.send(bomb);
          } else {
            wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            byte[] chunk = chunk();
            while (true) { // ends when the client has gone
              wire.send(chunk);
            }
          }
        };
    Map<String, Integer> ends = new TreeMap<>();
    try (FaultServer server = new FaultServer(fault, null);
        JobClient client =
            TencentBatch.builder()
                .region("ap-guangzhou")
                .endpoint("http://127.0.0.1:" + server.port())
                .credentials(Credentials.accessKey("id", Canaries.SECRET))
                .quota(Rate.perSecond(1_000_000))
                .timeouts(
                    new Timeouts(
                        Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(20)))
                .build()) {
      for (int i = 0; i < asked; i++) {
        ends.merge(end(client), 1, Integer::sum);
      }
    }
    System.out.println(ends);
  }

  private static String end(JobClient client) {
    try {
      client.listRuns(JobQuery.ALL);
      return "an answer";
    } catch (JobDataException e) {
      return e.kind().toString();
    } catch (JobException e) {
      return e.getClass().getSimpleName();
    }
  }

  private static byte[] bomb() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      byte[] blank = new byte[1 << 20];
      Arrays.fill(blank, (byte) ' ');
      for (int i = 0; i < BOMB / blank.length; i++) {
        gzip.write(blank);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static byte[] chunk() {
    byte[] chunk = new byte[(1 << 16) + 9];
    Arrays.fill(chunk, (byte) ' ');
    byte[] size =
        String.format(Locale.ROOT, "%x\r\n", 1 << 16)
            .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    System.arraycopy(size, 0, chunk, 0, size.length);
    chunk[chunk.length - 2] = '\r';
    chunk[chunk.length - 1] = '\n';
    return chunk;
  }
}
