package io.joblens.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblens.CredentialsException;
import io.joblens.spi.CredentialsSource.Answer;
import io.joblens.spi.CredentialsSource.Found;
import io.joblens.spi.CredentialsSource.Missing;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CredentialsSourceTest {
  private static Answer look(Map<String, String> variables) {
    return CredentialsSource.variables(
            Environment.of(variables), "ID", "SECRET", List.of("TOKEN", "OLD_TOKEN"))
        .look();
  }

  private static Credentials.AccessKey found(Map<String, String> variables) {
    return (Credentials.AccessKey) ((Found) look(variables)).credentials();
  }

  @Test
  void anAccessKeyHasItsPartsAndItsPlace() {
    Credentials.AccessKey key = found(Map.of("ID", "i", "SECRET", "canary-s"));
    assertThat(key).isEqualTo(Credentials.accessKey("i", "canary-s"));
    assertThat(key.source()).contains("environment variables ID, SECRET");
  }

  @Test
  void theFirstTokenThatIsThereCounts() {
    Map<String, String> key =
        Map.of("ID", "i", "SECRET", "canary-s", "TOKEN", " ", "OLD_TOKEN", "t");
    assertThat(found(key).token()).contains("t");
  }

  @Test
  void whatIsMissingIsSaidWithoutValues() {
    assertThat(look(Map.of()))
        .isEqualTo(new Missing("environment variables: neither ID nor SECRET is set"));
    assertThat(look(Map.of("SECRET", "canary", "ID", " ")))
        .isEqualTo(new Missing("environment variables: SECRET is set, but ID is not"));
    assertThat(look(Map.of("ID", "canary")))
        .isEqualTo(new Missing("environment variables: ID is set, but SECRET is not"));
  }

  @Test
  void whatCannotBeAKeyIsAnErrorAndNoReasonToLookFurther() {
    assertThatThrownBy(() -> look(Map.of("ID", "i", "SECRET", "canary\n")))
        .isInstanceOf(CredentialsException.class)
        .hasMessageStartingWith("environment variables: the access key secret contains ")
        .hasMessageNotContaining("canary");
  }

  @Test
  void whereNothingIsAMistakeItIsAnError() {
    Found found = new Found(Credentials.accessKey("i", "canary-s"));
    assertThat(CredentialsSource.required(found)).isSameAs(found);
    assertThatThrownBy(() -> CredentialsSource.required(new Missing("file: no id")))
        .isInstanceOf(CredentialsException.class)
        .hasMessage("file: no id");
  }

  @Test
  void aFileThatIsNotThereIsNamedWithItsVariable() {
    assertThat(file(Map.of("HOME", "/no/such"))).isEqualTo(missing("~/.vendor/x"));
    assertThat(file(Map.of())).isEqualTo(missing("~/.vendor/x"));
    assertThat(file(Map.of("FILE", "/no/such"))).isEqualTo(missing("/no/such of FILE"));
  }

  private static Answer file(Map<String, String> variables) {
    return CredentialsSource.file(
            Environment.of(variables), "FILE", ".vendor/x", file -> new Missing("read " + file))
        .look();
  }

  private static Missing missing(String place) {
    return new Missing(place + ": there is no such file");
  }

  @Test
  void theFirstPlaceCountsAndLaterOnesAreNotLookedAt() {
    Credentials key = Credentials.accessKey("i", "canary-s");
    CredentialsSource never =
        () -> {
          throw new AssertionError("looked at");
        };
    CredentialsProvider provider =
        CredentialsProvider.firstOf(
            "acc", List.of(() -> new Missing("a"), () -> new Found(key), never));
    assertThat(provider.account()).isEqualTo("acc");
    assertThat(provider.fixed()).isEmpty();
    assertThat(provider.resolve()).isEqualTo(Step.done(key));
  }

  @Test
  void placesAreLookedAtAnewEachTimeAndNotBefore() {
    List<String> looked = new ArrayList<>();
    CredentialsProvider provider =
        CredentialsProvider.firstOf(
            "acc",
            List.of(
                () -> {
                  looked.add("look");
                  return new Found(Credentials.accessKey("i" + looked.size(), "canary-s"));
                }));
    assertThat(looked).isEmpty();
    assertThat(provider.resolve()).isEqualTo(Step.done(Credentials.accessKey("i1", "canary-s")));
    assertThat(provider.resolve()).isEqualTo(Step.done(Credentials.accessKey("i2", "canary-s")));
  }

  @Test
  void theErrorSaysOfEachPlaceWhyItHasNone() {
    CredentialsProvider provider =
        CredentialsProvider.firstOf(
            "acc", List.of(() -> new Missing("a: empty"), () -> new Missing("b: no file")));
    assertThatThrownBy(provider::resolve)
        .isInstanceOf(CredentialsException.class)
        .hasMessageStartingWith("no credentials; ")
        .hasMessageEndingWith(":\n  a: empty;\n  b: no file");
  }

  @Test
  void anEnvironmentTakesBlankForAbsentAndShowsNoValue() {
    Environment environment =
        new Environment(
            Map.of("A", "canary", "B", " "),
            name -> name.equals("p") ? "canary" : name.equals("q") ? "" : null,
            null);
    assertThat(environment.variable("A")).contains("canary");
    assertThat(environment.variable("B")).isEmpty();
    assertThat(environment.variable("C")).isEmpty();
    assertThat(environment.property("p")).contains("canary");
    assertThat(environment.property("q")).isEmpty();
    assertThat(environment.property("r")).isEmpty();
    assertThat(environment.home()).isEmpty();
    assertThat(environment.toString()).doesNotContain("canary");
  }

  @Test
  void theProcessOwnEnvironmentSeesPropertiesThatAreSetLater() {
    Environment environment = Environment.system();
    assertThat(environment.property("joblens.test")).isEmpty();
    System.setProperty("joblens.test", "x");
    try {
      assertThat(environment.property("joblens.test")).contains("x");
    } finally {
      System.clearProperty("joblens.test");
    }
    assertThat(environment.variables()).isEqualTo(System.getenv());
    assertThat(environment.home()).isEqualTo(home());
  }

  private static Optional<Path> home() {
    String variable = System.getenv().getOrDefault("HOME", "");
    String home = variable.isBlank() ? System.getProperty("user.home") : variable;
    return Optional.of(Path.of(home));
  }
}
