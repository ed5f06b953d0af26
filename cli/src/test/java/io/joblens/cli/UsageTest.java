package io.joblens.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused before anything is read or sent, and what needs nothing. */
class UsageTest {
  private final Terminal terminal = new Terminal();

  @ParameterizedTest
  @ValueSource(strings = {"", "demo", "runs", "get", "job", "wait", "clouds", "providers", "raw"})
  void everyCommandHasHelpAndVersion(String command) {
    String[] words = command.isEmpty() ? new String[0] : new String[] {command};

    assertThat(terminal.run(with(words, "--help"))).isZero();
    assertThat(terminal.out()).startsWith("Usage: joblens");
    assertThat(new Terminal().run(with(words, "-V"))).isZero();
    assertThat(terminal.err()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "runs --no-such-option        | --no-such-option",
        "runs --state DONE            | expected one of QUEUED, STARTING, RUNNING",
        "runs --state FAILED,,RUNNING | unknown state ''",
        "runs --since never           | --since: 'never' is no time",
        "runs --since 1h --until 2h   | since",
        "runs --until 2026-13-01      | --until: ",
        "runs --limit 0               | limit is 0",
        "runs --limit many            | --limit",
        "runs --tag team              | expected KEY=VALUE",
        "runs -o yaml                 | TABLE, JSON, NDJSON, CSV",
        "get                          | Missing required parameter: 'REF'",
        "wait                         | Missing required parameter: 'REF'",
        "wait x --timeout 0s          | --timeout: '0s' is no duration",
        "wait x --poll fast           | --poll: 'fast' is no duration",
        "clouds -o csv                | expected table or json",
        "get alibaba-sae:cn-hangzhou:x  | not by 1 id",
        "wait alibaba-sae:cn-hangzhou:x | not by 1 id",
        "job tencent-batch:ap-x:a/b     | not by 2 ids",
        "job                          | Missing required parameter: 'REF'",
        "raw batch                    | Missing required parameter: 'ACTION'",
        "raw batch X --query a        | expected NAME=VALUE",
        "raw batch X --method DELETE  | method must be GET or POST",
        "raw batch X --path x         | path must begin with a slash",
        "raw batch X --json {         | --json: the body is no JSON",
        "demo --serve 99999           | --serve: 99999",
        "demo --write-config x        | --write-config needs --serve",
        "runs --config no/such/file   | --config: no/such/file is not a file",
        "runs                         | no configuration: give --config FILE",
        "clouds                       | no configuration: give --config FILE",
        "nonsense                     | nonsense",
      })
  void badInputIsRefusedWithExitCodeTwo(String command, String problem) {
    assertThat(terminal.run(command.split(" +"))).isEqualTo(2);
    assertThat(terminal.err()).contains("joblens: ").contains(problem);
    assertThat(terminal.out()).isEmpty();
  }

  @Test
  void noCommandIsUsage() {
    assertThat(terminal.run()).isEqualTo(2);
    assertThat(terminal.err()).contains("Usage: joblens").contains("providers");
    assertThat(terminal.out()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-o json", "-ojson", "--output=NDJSON", "--output ndjson", "-o=json"})
  void problemsAreJsonForPrograms(String option) {
    assertThat(terminal.run(("runs --since never " + option).split(" "))).isEqualTo(2);
    assertThat(terminal.err())
        .startsWith("{\"level\":\"error\",\"message\":\"--since: ")
        .endsWith("}\n")
        .hasLineCount(1);
  }

  @Test
  void unusableConfigurationFromTheEnvironmentIsNamed() {
    terminal.with("JOBLENS_CONFIG", "no/such/file");

    assertThat(terminal.run("clouds")).isEqualTo(2);
    assertThat(terminal.err()).contains("$JOBLENS_CONFIG: no/such/file is not a file");
  }

  @Test
  void missingConfigurationSaysWhereItIsLookedFor(@TempDir Path home) {
    assertThat(terminal.home(home).run("clouds")).isEqualTo(2);
    assertThat(terminal.err()).contains(home.resolve(".config/joblens/joblens.yaml").toString());
  }

  private static String[] with(String[] words, String last) {
    String[] all = Arrays.copyOf(words, words.length + 1);
    all[words.length] = last;
    return all;
  }
}
