package io.joblens.reliability;

import io.joblens.JobClient;
import io.joblens.JobDataException;
import io.joblens.JobException;
import io.joblens.JobQuery;
import io.joblens.JobServiceException;
import io.joblens.Timeouts;
import io.joblens.spi.Credentials;
import io.joblens.spi.Rate;
import io.joblens.tencent.batch.TencentBatch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;

/** The program that {@link SmallHeapTest} runs in a JVM of its own, with hardly any memory. */
final class SmallHeap {
  private static final int BOMB = 100 << 20;
  private static final int CROWDS = 40;

  /** What one body of those may have, with some room below the client's limit. */
  private static final int LARGEST = (8 << 20) - (1 << 16);

  private SmallHeap() {}

  /**
   * Asks for so many bombs and endless bodies in turn, and then for bodies within the limit that
   * hold as many parts as they can, and prints what came of them.
   */
  public static void main(String[] arguments) {
    int asked = Integer.parseInt(arguments[0]);
    byte[] bomb = bomb();
    Fault fault =
        (request, wire) -> {
          if (request.number() > asked) {
            crowd((request.number() - asked) % 4, wire);
          } else if (request.number() % 2 == 0) {
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
      for (int i = 0; i < CROWDS; i++) {
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
    } catch (JobServiceException e) {
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

  /** Answers with 8 MiB of as many parts as fit: data with names or objects, or an error. */
  private static void crowd(int kind, Wire wire) throws IOException {
    wire.send(
        "HTTP/1.1 "
            + (kind == 3 ? "400 Bad" : "200 OK")
            + "\r\nTransfer-Encoding: chunked\r\n\r\n");
    StringBuilder part = new StringBuilder(kind == 1 ? "{" : "[");
    int parts = 0;
    for (int sent = 0; sent < LARGEST; sent += part.length(), part.setLength(0)) {
      while (part.length() < 1 << 14) {
        switch (kind) {
          case 1 -> part.append("\"n").append(parts++).append("\":0,");
          case 2 -> part.append("{\"n").append(parts++).append("\":0},");
          default -> part.append("[],");
        }
      }
      wire.send(Integer.toHexString(part.length()) + "\r\n" + part + "\r\n");
    }
    String end = kind == 1 ? "\"n\":0}" : "0]";
    wire.send(Integer.toHexString(end.length()) + "\r\n" + end + "\r\n0\r\n\r\n");
  }

  private static byte[] chunk() {
    byte[] chunk = new byte[(1 << 16) + 9];
    Arrays.fill(chunk, (byte) ' ');
    byte[] size = String.format(Locale.ROOT, "%x\r\n", 1 << 16).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(size, 0, chunk, 0, size.length);
    chunk[chunk.length - 2] = '\r';
    chunk[chunk.length - 1] = '\n';
    return chunk;
  }
}
