package io.joblens.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.joblens.CredentialsException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialsFileTest {
  @TempDir Path directory;

  private Path path;

  @BeforeEach
  void name() {
    path = directory.resolve("credentials");
  }

  private CredentialsFile file(String content) throws IOException {
    return file(content.getBytes(StandardCharsets.UTF_8));
  }

  private CredentialsFile file(byte[] content) throws IOException {
    Files.write(path, content);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
    return CredentialsFile.read(path).orElseThrow();
  }

  private void refused(CredentialsFile file, boolean asJson, String... parts) {
    assertThatThrownBy(() -> read(file, asJson))
        .isInstanceOf(CredentialsException.class)
        .hasNoCause()
        .hasMessageContaining(path.toString())
        .hasMessageContainingAll(parts)
        .hasMessageNotContaining("canary");
  }

  private static Map<?, ?> read(CredentialsFile file, boolean asJson) {
    return asJson ? file.json() : file.ini();
  }

  @Test
  void sectionsHoldTheirValues() throws IOException {
    assertThat(file("[default]\nid = a\nkey=b=c:d\n\n[ prod ]\r\n  id:  x \n").ini())
        .isEqualTo(Map.of("default", Map.of("id", "a", "key", "b=c:d"), "prod", Map.of("id", "x")));
  }

  @Test
  void commentsBeginALineOrFollowABlankAsInTheVendorsExamples() throws IOException {
    String content =
        """
        # all of it
        [default]          # default setting
        enable = true      # Enable
          ; indented
        id = a#b;c\t; behind a tab
        """;
    assertThat(file(content).ini())
        .isEqualTo(Map.of("default", Map.of("enable", "true", "id", "a#b;c")));
  }

  @Test
  void ofAKeyThatStandsTwiceTheLastCountsAndSectionsGrow() throws IOException {
    assertThat(file("[a]\nk=1\nk=2\n[b]\nk=3\n[a]\nl=4").ini())
        .isEqualTo(Map.of("a", Map.of("k", "2", "l", "4"), "b", Map.of("k", "3")));
  }

  @Test
  void anEmptyFileHasNoSections() throws IOException {
    assertThat(file("").ini()).isEmpty();
    assertThat(file("\n# nothing\n").ini()).isEmpty();
  }

  @Test
  void aByteOrderMarkIsNoPartOfTheText() throws IOException {
    assertThat(file("\uFEFF[a]\nk=v").ini()).isEqualTo(Map.of("a", Map.of("k", "v")));
    assertThat(file("\uFEFF{\"k\":\"v\"}").json()).isEqualTo(Map.of("k", "v"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"canary", "[canary", "canary]", "[]", "= canary", "sec ret canary = x"})
  void aWrongLineIsNamedByItsNumberAndNotShown(String line) throws IOException {
    refused(file("[default]\nid = a\n" + line + "\n"), false, ":3: expected [section] or key");
  }

  @Test
  void aValueBeforeTheFirstSectionIsNamedByItsNumber() throws IOException {
    refused(file("\nsecret = canary\n[a]\n"), false, ":2: a value before the first [section]");
  }

  @Test
  void eachTruncationOfAnIniFileIsReadOrRefusedWithItsLine() throws IOException {
    String whole = "[default]\nsecret_id = AKIDx\nsecret_key = canary-canary\n";
    for (int length = 0; length < whole.length(); length++) {
      CredentialsFile file = file(whole.substring(0, length));
      try {
        assertThat(file.ini().keySet()).isSubsetOf("default");
      } catch (CredentialsException e) {
        int line = (int) whole.substring(0, length).chars().filter(c -> c == '\n').count() + 1;
        assertThat(e)
            .hasMessageStartingWith(path + ":" + line + ": ")
            .hasMessageNotContaining("canary");
      }
    }
  }

  @Test
  void eachTruncationOfAJsonFileIsRefusedWithFileAndLine() throws IOException {
    String whole = "{\n \"a\": {\n  \"secret\": \"canary-canary\",\n  \"n\": 1\n }\n}";
    for (int length = 1; length < whole.length(); length++) {
      refused(file(whole.substring(0, length)), true, "is not JSON, or not complete, at line ");
    }
    refused(file(whole.substring(0, 30)), true, "at line 3");
    assertThat(file(whole).json().keySet().toString()).isEqualTo("[a]");
  }

  @Test
  void aKeyThatStandsTwiceInJsonIsRefusedWithItsLine() throws IOException {
    refused(file("{\n\"a\": \"canary\",\n\"a\": \"canary\"}"), true, "at line 3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[\"canary\"]", "\"canary\"", "null", "17"})
  void jsonThatIsNoObjectIsRefused(String content) throws IOException {
    refused(file(content), true, "is not a JSON object");
  }

  @Test
  void anEmptyJsonFileIsRefused() throws IOException {
    refused(file(""), true, ": is empty");
    refused(file("{}{\"canary\":1}"), true, ": goes on after its JSON value");
  }

  @Test
  void bytesThatAreNoUtf8AreRefused() throws IOException {
    byte[] latin = "[a]\nk = canary\u00e4\n".getBytes(StandardCharsets.ISO_8859_1);
    refused(file(latin), false, "is no UTF-8 text");
    refused(
        file("{\"canary\u00e4\":1}".getBytes(StandardCharsets.ISO_8859_1)), true, "is not UTF-8");
  }

  @Test
  void aFileThatIsTooLargeIsRefused() throws IOException {
    assertThat(file(new byte[1 << 20])).hasToString(path.toString());
    assertThatThrownBy(() -> file(new byte[(1 << 20) + 1]))
        .isInstanceOf(CredentialsException.class)
        .hasMessage(path + " is no credentials file: it is larger than 1 MiB");
  }

  @Test
  void noFileIsNoError() throws IOException {
    assertThat(CredentialsFile.read(path)).isEmpty();
    assertThat(CredentialsFile.read(directory.resolve("no/such/credentials"))).isEmpty();
    file("");
    assertThat(CredentialsFile.read(path.resolve("below-a-file"))).isEmpty();
  }

  @Test
  void aDirectoryIsRefused() {
    assertThatThrownBy(() -> CredentialsFile.read(directory))
        .isInstanceOf(CredentialsException.class)
        .hasMessage(directory + " is a directory; a credentials file is expected");
  }

  @Test
  void aFileWithoutPermissionIsRefused() throws IOException {
    file("");
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("---------"));
    assumeThat(Files.isReadable(path)).as("root reads everything").isFalse();
    assertThatThrownBy(() -> CredentialsFile.read(path))
        .isInstanceOf(CredentialsException.class)
        .hasMessage(path + " cannot be read; check its permissions");
  }

  @Test
  void aFileThatOthersCanReadIsUsedWithOneWarningInTheLifeOfTheProcess() throws IOException {
    file("[a]\nk=canary");
    for (String open : List.of("rw-r-----", "rw----r--", "rw--w----", "rw-----w-")) {
      Path file = directory.resolve("open" + open);
      Files.copy(path, file);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(open));
      assertThat(logged(() -> CredentialsFile.read(file)))
          .containsOnlyOnce(file + " is open to other users than its owner")
          .contains("run: chmod 600 " + file)
          .doesNotContain("canary");
      assertThat(logged(() -> CredentialsFile.read(file))).isEmpty();
      assertThat(CredentialsFile.read(file).orElseThrow().ini()).containsKey("a");
    }
  }

  @Test
  void aFileOfItsOwnerAloneIsNoCauseForAWarning() throws IOException {
    file("");
    assertThat(logged(() -> CredentialsFile.read(path))).isEmpty();
  }

  private static String logged(Runnable work) {
    PrintStream before = System.err;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      work.run();
    } finally {
      System.setErr(before);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aVariableNamesAnotherFileThanTheUsualOne() throws IOException {
    Files.createDirectories(directory.resolve(".vendor"));
    Files.writeString(directory.resolve(".vendor/credentials"), "[usual]");
    file("[other]");
    Map<String, String> home = Map.of("HOME", directory.toString());
    Map<String, String> named = Map.of("HOME", directory.toString(), "FILE", path.toString());
    assertThat(found(home, "FILE")).contains(Map.of("usual", Map.of()));
    assertThat(found(named, "FILE")).contains(Map.of("other", Map.of()));
    assertThat(found(named, null)).contains(Map.of("usual", Map.of()));
    assertThat(found(Map.of(), "FILE")).isEmpty();
    assertThat(found(Map.of("HOME", directory.toString(), "FILE", "/no/such"), "FILE")).isEmpty();
  }

  private static Optional<Map<String, Map<String, String>>> found(
      Map<String, String> variables, @Nullable String variable) {
    return CredentialsFile.find(Environment.of(variables), variable, ".vendor/credentials")
        .map(CredentialsFile::ini);
  }

  @Test
  void whatIsNoPathIsRefusedByItsVariable() {
    Environment environment = Environment.of(Map.of("FILE", "a\0b"));
    assertThatThrownBy(() -> CredentialsFile.find(environment, "FILE", "x"))
        .isInstanceOf(CredentialsException.class)
        .hasMessage("FILE is no path of a file");
  }

  @Test
  void blankTextIsNone() {
    Map<String, Object> values = Map.of("a", " x ", "b", " ", "c", 1);
    assertThat(CredentialsFile.text(values, "a")).contains(" x ");
    assertThat(CredentialsFile.text(values, "b")).isEmpty();
    assertThat(CredentialsFile.text(values, "c")).isEmpty();
    assertThat(CredentialsFile.text(values, "d")).isEmpty();
  }
}
