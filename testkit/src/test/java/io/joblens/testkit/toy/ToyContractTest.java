package io.joblens.testkit.toy;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblens.JobClientBuilder;
import io.joblens.JobServiceException.Kind;
import io.joblens.spi.StateTable;
import io.joblens.testkit.FakeCloud;
import io.joblens.testkit.FakeCloud.Reply;
import io.joblens.testkit.FakeJob;
import io.joblens.testkit.FakeRun;
import io.joblens.testkit.ProviderContract;
import io.joblens.testkit.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** All that a provider's author writes to have his provider judged. */
class ToyContractTest extends ProviderContract {
  @Override
  protected FakeCloud cloud(World shown) {
    return new ToyCloud(shown);
  }

  @Override
  protected JobClientBuilder<?> client() {
    return ToyQueue.builder().region("toyland").queue("q1");
  }

  @Override
  protected FakeRun.Builder run(String id) {
    return FakeRun.builder(id).job("q1");
  }

  @Override
  protected List<String> idsOf(String runId) {
    return List.of("q1", runId);
  }

  @Override
  protected StateTable states() {
    return ToyProvider.STATES;
  }

  @Override
  protected int maxPage() {
    return 50;
  }

  @Override
  protected Optional<FakeJob> job() {
    return Optional.of(FakeJob.builder("q1").name("first").field("secret", CANARY).build());
  }

  @Override
  protected List<ErrorCase> errors() {
    return List.of(
        error(429, "SlowDown", Kind.THROTTLED), error(401, "BadSignature", Kind.AUTHENTICATION));
  }

  private static ErrorCase error(int status, String code, Kind kind) {
    Reply reply = Reply.json(status, Map.of("code", code)).header("x-toy-request-id", "r-1");
    return new ErrorCase(code, reply, kind, Optional.of("r-1"));
  }

  @Override
  protected Map<String, String> deviations() {
    return Map.of("aSignatureMismatchShowsWhatWasSigned", "a signer need not explain itself");
  }

  /** The promise of docs/adding-a-provider.md. */
  @Test
  void theWholeProviderIsLessThanThreeHundredLines() throws IOException {
    long lines = 0;
    for (String file : List.of("ToyQueue.java", "ToyProvider.java")) {
      String source = Files.readString(Path.of("src/test/java/io/joblens/testkit/toy", file));
      lines += source.lines().filter(line -> !line.startsWith("import ")).count();
    }
    assertThat(lines).isBetween(100L, 299L);
  }
}
