package io.joblens;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblens.spi.Masking;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RawJsonTest {
  private static final Masking MASKING =
      new Masking(Set.of("Secret"), Set.of("Envs"), Set.of("Url", "Urls"));

  private static RawJson raw(String json) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    return RawJson.slice(bytes, 0, bytes.length, MASKING);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"Secret\":\"x\"}|{\"Secret\":\"***\"}",
        "{\"Secret\":4711}|{\"Secret\":\"***\"}",
        "{\"Secret\":true}|{\"Secret\":\"***\"}",
        "{\"Secret\":{\"a\":[\"x\"]}}|{\"Secret\":\"***\"}",
        "{\"Secret\":[]}|{\"Secret\":\"***\"}",
        "{\"Secret\":null}|{\"Secret\":null}",
        "{\"Secret\":\"\"}|{\"Secret\":\"\"}",
        "{\"secret\":\"other name\"}|{\"secret\":\"other name\"}",
        "{\"a\":[{\"b\":{\"Secret\":\"x\",\"c\":1}}]}|{\"a\":[{\"b\":{\"Secret\":\"***\",\"c\":1}}]}",
        "{\"Url\":\"https://h/p?token=x&y=1#f\"}|{\"Url\":\"https://h/p?***\"}",
        "{\"Url\":\"https://h/p\"}|{\"Url\":\"https://h/p\"}",
        "{\"Url\":\"?token=x\"}|{\"Url\":\"?***\"}",
        "{\"Url\":7}|{\"Url\":\"***\"}",
        "{\"Url\":{\"a\":\"x?y\"}}|{\"Url\":\"***\"}",
        "{\"Urls\":[\"https://h?a\",\"https://g\",null,[\"x?y\"]]}|{\"Urls\":[\"https://h?***\",\"https://g\",\"***\",[\"x?***\"]]}",
        "[{\"Secret\":\"x\"},1]|[{\"Secret\":\"***\"},1]",
        "\"plain\"|\"plain\"",
        "null|null"
      })
  void whatAProviderCallsSecretIsMaskedAtAnyDepth(String json, String shown) {
    assertThat(raw(json).json()).isEqualTo(shown);
    assertThat(raw(json)).hasToString(shown);
    assertThat(raw(json).unmasked()).isEqualTo(json);
  }

  @Test
  void jsonInsideATextKeepsItsNamesAndLosesItsTexts() {
    String envs =
        "[{\"name\":\"PASSWORD\",\"value\":\"hunter2\"},{\"name\":\"N\",\"valueFrom\":{\"secretRef\":"
            + "{\"secretName\":\"ref\"}}},{\"value\":null,\"nested\":{\"a\":[\"hunter2\"]}}]";
    RawJson row = raw("{\"Envs\":" + io.joblens.spi.Json.write(envs) + "}");
    assertThat(row.fields().get("Envs"))
        .isEqualTo(
            "[{\"name\":\"PASSWORD\",\"value\":\"***\"},{\"name\":\"N\",\"valueFrom\":{\"secretRef\":"
                + "{\"secretName\":\"ref\"}}},{\"value\":null,\"nested\":{\"a\":[\"***\"]}}]");
    assertThat(row.json()).doesNotContain("hunter2");
  }

  @Test
  void anObjectInsideATextIsReadLikeAList() {
    assertThat(
            raw("{\"Envs\":\"{\\\"name\\\":\\\"A\\\",\\\"value\\\":\\\"hunter2\\\"}\"}").fields())
        .containsEntry("Envs", "{\"name\":\"A\",\"value\":\"***\"}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"hunter2\"",
        "\"\\\"hunter2\\\"\"",
        "\"4711\"",
        "\"true\"",
        "\"{broken: hunter2\"",
        "\"[1] hunter2\"",
        "4711",
        "{\"a\":\"hunter2\"}",
        "[\"hunter2\"]"
      })
  void whatIsNoJsonTextWhereSomeIsExpectedIsMaskedWholly(String value) {
    assertThat(raw("{\"Envs\":" + value + "}").json()).isEqualTo("{\"Envs\":\"***\"}");
  }

  @Test
  void fieldsAreThoseOfAnObjectInItsOrder() {
    assertThat(raw("{\"z\":1,\"a\":\"空\"}").fields().toString()).isEqualTo("{z=1, a=空}");
    assertThat(raw("[1]").fields()).isEmpty();
    assertThat(RawJson.of("{\"Secret\":\"x\"}").fields()).isEqualTo(Map.of("Secret", "x"));
  }

  @Test
  void aSliceIsOnlyItsPart() {
    byte[] body = "[{\"a\":1},{\"b\":\"空\"}]".getBytes(StandardCharsets.UTF_8);
    assertThat(RawJson.slice(body, 1, 8, MASKING).json()).isEqualTo("{\"a\":1}");
    assertThat(RawJson.slice(body, 0, body.length, MASKING).json())
        .isEqualTo("[{\"a\":1},{\"b\":\"空\"}]");
    assertThat(RawJson.slice(body, 9, body.length - 1, MASKING).unmasked())
        .isEqualTo("{\"b\":\"空\"}");
  }
}
