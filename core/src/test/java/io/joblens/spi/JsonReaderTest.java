package io.joblens.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.joblens.RawJson;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonReaderTest {
  private static final String CANARY = "canary4711";

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static @Nullable Object tree(String json) {
    return JsonReader.readTree(bytes(json));
  }

  private static <T> T field(String json, java.util.function.Function<JsonReader, T> read) {
    List<T> values = new ArrayList<>();
    JsonReader.read(
        bytes(json),
        reader ->
            reader.object(
                name -> {
                  if (name.equals("f")) {
                    values.add(read.apply(reader));
                  }
                }));
    return values.get(0);
  }

  /** Fails in both ways of reading, quickly, typed, and without a value in the message. */
  private static final Duration QUICK = Duration.ofMillis(50);

  private static void assertUnreadable(byte[] body) {
    ThreadMXBean own = ManagementFactory.getThreadMXBean(); // not what a busy machine takes away
    long quickest =
        Long.MAX_VALUE; // of several times: the first ones are for loading and compiling
    for (int i = 0; i < 5 || (i < 50 && quickest >= QUICK.toNanos()); i++) {
      long begin = own.getCurrentThreadCpuTime();
      Throwable problem = catchThrowable(() -> JsonReader.readTree(body));
      quickest = Math.min(quickest, own.getCurrentThreadCpuTime() - begin);
      assertThat(problem).isInstanceOf(WireDataException.class);
      for (Throwable t = problem; t != null; t = t.getCause()) {
        assertThat(t.toString()).doesNotContain(CANARY);
      }
    }
    assertThat(Duration.ofNanos(quickest)).isLessThan(QUICK);
  }

  @Test
  void anEmptyBodyIsUnreadable() {
    assertUnreadable(new byte[0]);
    assertUnreadable(bytes("  \n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{} {}",
        "{} canary4711",
        "1 2",
        "{\"a\":1} <html>",
        "[1,]",
        "{\"a\":1,}",
        "{a:1}",
        "{'a':1}",
        "// canary4711\n{}",
        "{\"a\":1,\"a\":2}",
        "{\"x\":{\"b\":1,\"b\":1}}",
        "NaN",
        "[NaN]",
        "[Infinity]",
        "[-Infinity]",
        "[+1]",
        "[01]",
        "[1.]",
        "[.5]",
        "[0x10]",
        "\"canary4711",
        "\"\\x\"",
        "\"\n\"",
        "{\"a\":canary4711}",
        "<html>canary4711</html>",
        "{",
        "[",
        "{\"a\"",
        "{\"a\":",
        "tru",
        "\u0000"
      })
  void whatIsNoJsonIsUnreadableAndNotRepeated(String json) {
    assertUnreadable(bytes(json));
  }

  @Test
  void badUtf8IsUnreadableAndNeverAnotherId() {
    for (byte[] bad :
        List.of(
            new byte[] {'"', (byte) 0xff, '"'},
            new byte[] {'"', (byte) 0xc3, '"'},
            new byte[] {'"', (byte) 0x80, '"'},
            new byte[] {'"', (byte) 0xf8, (byte) 0x88, (byte) 0x80, (byte) 0x80, '"'},
            new byte[] {'"', (byte) 0xe7, (byte) 0xa9, '"'})) {
      assertUnreadable(bad);
    }
  }

  @Test
  void deepNestingHugeNumbersAndHugeExponentsAreRefusedQuickly() {
    assertUnreadable(bytes("[".repeat(100_000)));
    assertUnreadable(bytes("[".repeat(65) + "]".repeat(65)));
    assertUnreadable(bytes("{\"a\":".repeat(100_000)));
    assertUnreadable(bytes("[" + "7".repeat(1_000_000) + "]"));
    assertUnreadable(bytes("[0." + "7".repeat(1_000_000) + "]"));
    assertUnreadable(bytes("[1e1000000000]"));
    assertUnreadable(bytes("[1e-1000000000]"));
    assertUnreadable(bytes("[1e99999999999999]"));
    assertUnreadable(bytes("{\"" + "n".repeat(100_000) + "\":1}"));
    assertThat(tree("[".repeat(60) + "]".repeat(60))).isNotNull();
  }

  @Test
  void whatNobodyReadsIsCheckedToo() {
    for (String json :
        List.of(
            "{\"x\":" + "[".repeat(100) + "]".repeat(100) + "}",
            "{\"x\":{\"a\":1,\"a\":1}}",
            "{\"x\":[NaN]}",
            "{\"x\":1e1000000000}",
            "{\"x\":[{\"y\":1e-99999999999}]}",
            "{\"x\":" + "7".repeat(1_000_000) + "}",
            "{\"x\":[" + "7".repeat(65) + "]}",
            "{\"x\":0." + "7".repeat(65) + "}")) {
      assertThatThrownBy(() -> JsonReader.read(bytes(json), reader -> reader.object(name -> {})))
          .isInstanceOf(WireDataException.class);
    }
  }

  /** The last that is read and the first that is refused, whichever Jackson is there. */
  @Test
  void everyLimitIsOurOwnAndExact() {
    int mega = 1 << 20;
    record Limit(String read, String refused, String message) {}
    for (Limit limit :
        List.of(
            new Limit(
                "[".repeat(64) + "]".repeat(64),
                "[".repeat(65) + "]".repeat(65),
                "/0".repeat(63) + " is nested too deeply"),
            new Limit(
                "{\"a\":".repeat(64) + "1" + "}".repeat(64),
                "{\"a\":".repeat(65) + "1" + "}".repeat(65),
                "/a".repeat(64) + " is nested too deeply"),
            new Limit(
                "{\"" + "n".repeat(256) + "\":1}",
                "{\"" + "n".repeat(257) + "\":1}",
                "has too long a name"),
            new Limit(
                "[" + "7".repeat(64) + "]", "[" + "7".repeat(65) + "]", "/0 is too long a number"),
            new Limit(
                "[0." + "7".repeat(62) + "]",
                "[0." + "7".repeat(63) + "]",
                "/0 is too long a number"),
            new Limit(
                "[" + "[],".repeat(249_998) + "1,2]",
                "[" + "[],".repeat(249_998) + "1,2,3]",
                " is preceded by too many others"),
            new Limit(names(5_000), names(5_001), " is one of too many names"),
            new Limit(
                "[" + names(5_000) + "," + names(5_000) + "]",
                "[{\"b\":" + names(5_000) + "}," + names(5_001) + "]",
                " is one of too many names"),
            new Limit("[1e-1000]", "[1e-1001]", "/0 has too large an exponent"),
            new Limit(
                "[\"" + "x".repeat(16 * mega) + "\"]",
                "[\"" + "x".repeat(16 * mega + 1) + "\"]",
                "/0 is too long a text"))) {
      for (java.util.function.Consumer<byte[]> way :
          List.<java.util.function.Consumer<byte[]>>of(
              JsonReader::readTree, body -> JsonReader.read(body, json -> true))) {
        way.accept(bytes(limit.read()));
        assertThatThrownBy(() -> way.accept(bytes(limit.refused())))
            .isInstanceOf(WireDataException.class)
            .hasMessageEndingWith(limit.message());
      }
    }
  }

  private static String names(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "\"n" + i + "\":0")
        .collect(Collectors.joining(",", "{", "}"));
  }

  @Test
  void depthIsCountedWherePartsAreReadAndPartsAreSkipped() {
    String open = "{\"a\":[{\"x\":[[]],\"y\":{}},{\"b\":";
    String close = "}],\"c\":[{},[]]}";
    List<String> seen = new ArrayList<>();
    JsonReader.read(
        bytes("[" + (open + 1 + close + ",").repeat(100) + "0]"),
        json -> json.array(() -> seen.add(seen.size() % 2 == 0 ? "" : "" + json.value())));
    assertThat(seen).hasSize(101);
    assertThatThrownBy(
            () ->
                JsonReader.read(
                    bytes(open + "[".repeat(62) + "]".repeat(62) + close),
                    json -> json.object(a -> json.array(() -> json.object(b -> {})))))
        .hasMessageEndingWith("is nested too deeply");
  }

  /** Both tables of names in Jackson: for UTF-8 and for the other forms of Unicode. */
  @Test
  void namesMadeToCollideAsHashesAreReadOrRefused() {
    StringBuilder names = new StringBuilder("{");
    for (int bits = 0; bits < 1 << 12; bits++) {
      names.append('"');
      for (int bit = 0; bit < 12; bit++) {
        names.append((bits >> bit & 1) == 0 ? "Ab" : "BA"); // 33 * 'A' + 'b' == 33 * 'B' + 'A'
      }
      names.append("\":1,");
    }
    names.append("\"\":1}");
    assertThat(JsonReader.readTree(bytes(names.toString()))).isInstanceOf(Map.class);
    assertUnreadable(names.toString().getBytes(StandardCharsets.UTF_16BE));
  }

  @Test
  void aTreeHasEveryKindOfValueInItsOrder() {
    assertThat(tree("{\"b\":[1,-2.50,true,false,null,\"x\",{}],\"a\":99999999999999999999}"))
        .isEqualTo(
            Map.of(
                "b",
                Arrays.asList(1, new BigDecimal("-2.50"), true, false, null, "x", Map.of()),
                "a",
                new BigInteger("99999999999999999999")));
    assertThat(tree("{\"z\":1,\"a\":1,\"m\":1}")).hasToString("{z=1, a=1, m=1}");
    assertThat(tree("null")).isNull();
    assertThat(tree("\"空😀\\u0000\\ud83d\\ude00\"")).isEqualTo("空😀\u0000😀");
  }

  @Test
  void aByteOrderMarkAndOtherUnicodeFormsAreRead() {
    assertThat(tree("\uFEFF{\"a\":\"空\"}")).isEqualTo(Map.of("a", "空"));
    for (String charset : List.of("UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE")) {
      assertThat(JsonReader.readTree("{\"a\":\"空\"}".getBytes(Charset.forName(charset))))
          .as(charset)
          .isEqualTo(Map.of("a", "空"));
    }
  }

  // ---- fields

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1|1",
        "'\"1\"'|1",
        "-0|0",
        "'\" 42 \"'|42",
        "'\"-7\"'|-7",
        "9223372036854775807|9223372036854775807",
        "'\"9223372036854775807\"'|9223372036854775807",
        "null|",
        "'\"\"'|",
        "'\"Null\"'|",
        "'\"Null\\n\"'|",
        "'\"null\"'|",
        "'\"空\"'|"
      })
  void wholeNumbersAreReadFromNumbersAndText(String json, @Nullable Long expected) {
    assertThat(field("{\"f\":" + json + "}", JsonReader::integer)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.9",
        "1.0",
        "1e3",
        "\"1.9\"",
        "true",
        "\"canary4711\"",
        "9223372036854775808",
        "\"9223372036854775808\"",
        "99999999999999999999999999",
        "[]",
        "{}",
        "\"1e3\"",
        "\"0x1\""
      })
  void whatIsNoWholeNumberIsRefusedWithItsPlaceAndWithoutItsValue(String json) {
    assertThatThrownBy(() -> field("{\"f\":" + json + "}", JsonReader::integer))
        .isInstanceOf(WireDataException.class)
        .hasMessageStartingWith("/f ")
        .hasMessageNotContaining(CANARY)
        .hasMessageNotContaining("99999");
  }

  @Test
  void numbersOfThirtyTwoBitsAreNoMore() {
    assertThat(field("{\"f\":2147483647}", JsonReader::integer32)).isEqualTo(Integer.MAX_VALUE);
    assertThat(field("{\"f\":null}", JsonReader::integer32)).isNull();
    assertThatThrownBy(() -> field("{\"f\":2147483648}", JsonReader::integer32))
        .isInstanceOf(WireDataException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'\"x\"'|x",
        "1|1",
        "1.50|1.50",
        "true|true",
        "null|",
        "'\"\"'|",
        "'\" \"'|",
        "'\"Null\"'|",
        "'\"Null\\n\"'|",
        "'\"空\"'|",
        "'\"NULL\"'|NULL",
        "'\"空气\"'|空气",
        "'\" x \"'|' x '"
      })
  void textIsReadFromScalarsAndTheVendorsWordsForAbsentAreNull(
      String json, @Nullable String expected) {
    assertThat(field("{\"f\":" + json + "}", JsonReader::text)).isEqualTo(expected);
  }

  @Test
  void exactTextKeepsWhatTextTakesForAbsent() {
    assertThat(field("{\"f\":\"Null\\n\"}", JsonReader::exactText)).isEqualTo("Null\n");
    assertThat(field("{\"f\":\"\"}", JsonReader::exactText)).isEmpty();
    assertThat(field("{\"f\":null}", JsonReader::exactText)).isNull();
  }

  @Test
  void aStructureIsNoText() {
    for (String json : List.of("[\"canary4711\"]", "{\"a\":\"canary4711\"}")) {
      assertThatThrownBy(() -> field("{\"f\":" + json + "}", JsonReader::text))
          .isInstanceOf(WireDataException.class)
          .hasMessage("/f is not text");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "true,true",
    "false,false",
    "'\"TRUE\"',true",
    "'\"false\"',false",
    "null,",
    "'\"\"',"
  })
  void booleansAreReadFromTextToo(String json, @Nullable Boolean expected) {
    assertThat(field("{\"f\":" + json + "}", JsonReader::bool)).isEqualTo(expected);
  }

  @Test
  void whatIsNoBooleanIsRefused() {
    for (String json : List.of("1", "0", "\"yes\"", "[]")) {
      assertThatThrownBy(() -> field("{\"f\":" + json + "}", JsonReader::bool))
          .isInstanceOf(WireDataException.class)
          .hasMessageStartingWith("/f ");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "\"\"", "\"Null\\n\"", "\"空\"", "{}", "[]"})
  void anIdMustBeThere(String json) {
    assertThatThrownBy(() -> field("{\"f\":" + json + "}", JsonReader::id))
        .isInstanceOf(WireDataException.class)
        .hasMessageStartingWith("/f ");
  }

  @Test
  void placesNameTheWayThroughObjectsAndArrays() {
    assertThatThrownBy(
            () ->
                JsonReader.read(
                    bytes("{\"Data\":{\"Jobs\":[{},{\"JobId\":\"canary4711\"}]}}"),
                    json ->
                        json.object(
                            a ->
                                json.object(
                                    b -> json.array(() -> json.object(c -> json.integer()))))))
        .isInstanceOf(WireDataException.class)
        .hasMessage("/Data/Jobs/1/JobId is not a whole number");
  }

  @Test
  void nullIsNoObjectAndNoArrayAndSaysSo() {
    assertThat(JsonReader.<Boolean>read(bytes("null"), json -> json.object(name -> {}))).isFalse();
    assertThat(JsonReader.<Boolean>read(bytes("null"), json -> json.array(() -> {}))).isFalse();
    assertThat(JsonReader.<Boolean>read(bytes("[]"), json -> json.array(() -> {}))).isTrue();
    assertThatThrownBy(() -> JsonReader.<Boolean>read(bytes("[]"), json -> json.object(name -> {})))
        .hasMessage("the body is not an object");
    assertThatThrownBy(() -> JsonReader.read(bytes("\"x\""), json -> json.array(() -> {})))
        .hasMessage("the body is not an array");
    assertThatThrownBy(
            () ->
                JsonReader.<Boolean>read(
                    bytes("null"),
                    json -> {
                      json.requiredObject(name -> {});
                      return true;
                    }))
        .hasMessage("the body is null");
  }

  @Test
  void whatIsNotReadIsSkippedWholly() {
    List<String> names = new ArrayList<>();
    JsonReader.read(
        bytes("{\"a\":{\"x\":[1,{\"y\":2}]},\"b\":[[],[1]],\"c\":\"t\",\"d\":null}"),
        json -> json.object(names::add));
    assertThat(names).containsExactly("a", "b", "c", "d");
  }

  // ---- slices of the body

  @Test
  void rowsAreExactSlicesOfTheBodyWhateverStandsAroundThem() {
    List<String> rows =
        List.of(
            "{\"id\":\"1\"}",
            "{ \"id\" : \"2\" , \"空\" : \"值😀\" }",
            "{\"id\":\"3\",\"deep\":{\"a\":[1,{\"b\":{}}]}}",
            "{}",
            "{\"id\":\"\\u7a7a\\ud83d\\ude00\\\"}\"}",
            "{\n\t\"id\":\r\n\"6\"\n}");
    for (String mark : List.of("", "\uFEFF")) {
      for (String before : List.of("", " ", "\n\n", "")) {
        for (String other : List.of("\"x\":1,", "\"空😀\":\"空😀é\",", "")) {
          String body =
              mark + before + "{" + other + "\"rows\":[" + String.join(" ,\n", rows) + " ]} ";
          assertThat(slices(bytes(body))).isEqualTo(rows);
        }
      }
    }
  }

  @Test
  void rowsOfRandomTextAreExactSlices() {
    Random random = new Random(7);
    for (int i = 0; i < 500; i++) {
      List<String> rows = new ArrayList<>();
      for (int n = random.nextInt(6); n >= 0; n--) {
        StringBuilder text = new StringBuilder();
        for (int c = random.nextInt(200); c > 0; c--) {
          text.appendCodePoint(
              random.nextBoolean() ? 'a' + random.nextInt(26) : 0x4e00 + random.nextInt(0x1000));
        }
        rows.add(
            Json.write(
                Map.of(
                    "k" + text.substring(0, Math.min(30, text.length())),
                    List.of(text, "😀".repeat(random.nextInt(30))))));
      }
      String body = "{\"空\":\"😀\",\"rows\":[" + String.join(",", rows) + "]}";
      assertThat(slices(bytes(body))).isEqualTo(rows);
    }
  }

  private static List<String> slices(byte[] body) {
    List<RawJson> raws = new ArrayList<>();
    JsonReader.read(
        body,
        json ->
            json.object(
                name -> {
                  if (name.equals("rows")) {
                    json.array(() -> raws.add(json.rawObject(Masking.NONE, field -> {})));
                  }
                }));
    return raws.stream().map(RawJson::unmasked).toList();
  }

  @Test
  void aRowThatIsNoObjectOrNotInUtf8IsRefused() {
    assertThatThrownBy(() -> slices(bytes("{\"rows\":[1]}")))
        .hasMessage("/rows/0 is not an object");
    assertThatThrownBy(() -> slices(bytes("{\"rows\":[null]}")))
        .isInstanceOf(WireDataException.class);
    assertThatThrownBy(() -> slices("{\"rows\":[{}]}".getBytes(StandardCharsets.UTF_16LE)))
        .isInstanceOf(WireDataException.class)
        .hasMessage("the body is not UTF-8");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "80",
        "c0af",
        "c1bf",
        "c220",
        "e08080",
        "eda080",
        "e4bd20",
        "f08080af",
        "f4908080",
        "f7b6bdb6",
        "f09f8e20",
        "ff"
      })
  void whatIsNoUtf8IsRefusedWhereverItStands(String hex) {
    byte[] wrong = HexFormat.of().parseHex(hex);
    byte[] body = bytes("{\"a\":\"12345678\",\"b\":1}");
    System.arraycopy(wrong, 0, body, 8, wrong.length);
    assertThatThrownBy(() -> JsonReader.<Boolean>read(body, json -> json.object(name -> {})))
        .isInstanceOfSatisfying(
            WireDataException.class,
            e -> {
              assertThat(e).hasMessage("the body is not UTF-8");
              assertThat(e.isCutOff()).isFalse();
            });
  }

  @Test
  void everyCharacterOfUtf8IsRead() {
    for (String text :
        List.of("\u0080", "\u07ff", "\u0800", "\ud7ff", "\ue000", "\uffff", "\ud800\udc00")) {
      assertThat(tree("{\"a\":\"" + text + "\"}")).isEqualTo(Map.of("a", text));
    }
    assertThat(tree("\"\udbff\udfff\"")).isEqualTo("\udbff\udfff");
    byte[] cut = Arrays.copyOf(bytes("\"\ud83d\ude00"), 4);
    assertThatThrownBy(() -> JsonReader.readTree(cut)).isInstanceOf(WireDataException.class);
  }

  @Test
  void anyMutationOfAnAnswerIsReadOrRefusedAndNothingElse() {
    byte[] seed =
        bytes("{\"rows\":[{\"id\":\"空\",\"n\":-1.5e3,\"t\":[true,null,\"\\u00e9\"]}],\"total\":1}");
    Random random = new Random(3);
    for (int i = 0; i < 10_000; i++) {
      byte[] body = seed.clone();
      for (int n = random.nextInt(3); n >= 0; n--) {
        body[random.nextInt(body.length)] = (byte) random.nextInt(256);
      }
      byte[] cut =
          Arrays.copyOf(body, random.nextInt(5) == 0 ? random.nextInt(body.length) : body.length);
      Throwable problem = catchThrowable(() -> slices(cut));
      if (problem != null) {
        assertThat(problem).isInstanceOf(WireDataException.class);
      }
    }
  }

  @Test
  void whatWasReadAsARowCanBeShownLater() {
    Random random = new Random(11);
    byte[] seed =
        bytes("{\"rows\":[{\"id\":\"1\",\"n\":-1.5e300,\"m\":12345,\"o\":{\"p\":[1.0e10]}}]}");
    for (int i = 0; i < 5_000; i++) {
      byte[] body = seed.clone();
      body[10 + random.nextInt(body.length - 12)] =
          (byte) "0123456789eE.-+,".charAt(random.nextInt(16));
      List<RawJson> raws = new ArrayList<>();
      try {
        JsonReader.read(
            body,
            json ->
                json.object(
                    name -> json.array(() -> raws.add(json.rawObject(Masking.NONE, f -> {})))));
      } catch (WireDataException e) {
        continue;
      }
      raws.forEach(raw -> assertThat(raw.json()).isNotEmpty());
    }
  }

  // ---- writing

  @Test
  void writingKeepsOrderAndLeavesAbsentEntriesOut() {
    Map<String, @Nullable Object> map = new java.util.LinkedHashMap<>();
    map.put("z", 1);
    map.put("a", java.util.Optional.empty());
    map.put("b", java.util.Optional.of("x"));
    map.put("c", null);
    map.put("d", Arrays.asList(1L, 2.5, new BigDecimal("1.10"), BigInteger.TEN, true, null));
    map.put("e", java.time.Instant.EPOCH);
    map.put("f", "\"\\\n\u0001空😀");
    assertThat(Json.write(map))
        .isEqualTo(
            "{\"z\":1,\"b\":\"x\",\"c\":null,\"d\":[1,2.5,1.10,10,true,null],"
                + "\"e\":\"1970-01-01T00:00:00Z\",\"f\":\"\\\"\\\\\\n\\u0001空😀\"}");
    assertThat(Json.write(null)).isEqualTo("null");
    assertThat(Json.write(java.util.Optional.empty())).isEqualTo("null");
    assertThat(Json.write(Double.NaN)).isEqualTo("\"NaN\"");
  }

  @Test
  void whatIsWrittenReadsTheSame() {
    String json =
        "{\"a\":[1,-2.50,true,null,\"空\\n\"],\"b\":{\"c\":{}},\"d\":123456789012345678901}";
    assertThat(Json.write(tree(json))).isEqualTo(json);
  }

  @Test
  void whatEndsTooEarlyIsToldFromWhatIsWrong() {
    byte[] whole =
        "{\"a\":[1,2.5e3,{\"b\":null,\"c\":\"d\\u00e9\"}],\"e\":true} "
            .getBytes(StandardCharsets.UTF_8);
    for (int length = 0; length < whole.length - 2; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> JsonReader.readTree(cut))
          .isInstanceOfSatisfying(
              WireDataException.class, e -> assertThat(e.isCutOff()).as(text(cut)).isTrue());
    }
    for (String wrong :
        List.of("<html></html>", "{\"a\":1}{\"b\":2}", "{\"a\" 1}", "[1,,2]", "[NaN]")) {
      assertThatThrownBy(() -> JsonReader.readTree(wrong.getBytes(StandardCharsets.UTF_8)))
          .isInstanceOfSatisfying(
              WireDataException.class, e -> assertThat(e.isCutOff()).as(wrong).isFalse());
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
