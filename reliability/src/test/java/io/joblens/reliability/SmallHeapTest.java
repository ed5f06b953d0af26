package io.joblens.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SmallHeapTest {
  private static final int ASKED = Integer.getInteger("bombs", 1000);

  @Test
  void aThousandBombsAndEndlessBodiesFitIntoSixtyFourMebibytes() throws Exception {
    Process jvm = start();
    String all = new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String said = all.lines().reduce("", (before, line) -> line); // after what is logged
    assertThat(jvm.waitFor(5, TimeUnit.MINUTES)).isTrue();

    System.out.println("[FIGURE] 64 MiB heap, bombs and endless bodies: " + said);
    assertThat(said).isEqualTo("{INVALID_REQUEST=10, MALFORMED=30, TOO_LARGE=" + ASKED + "}");
    assertThat(jvm.exitValue()).isZero();
  }

  private static Process start() throws IOException {
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                SmallHeap.class.getName(),
                Integer.toString(ASKED)))
        .redirectErrorStream(true)
        .start();
  }
}
