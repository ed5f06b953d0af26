package io.joblens.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class CredentialsTest {
  private static final Instant END = Instant.parse("2026-01-02T03:04:05Z");

  @Test
  void keysAreEqualWhenTheySignAlikeWhereverTheyComeFrom() {
    Credentials key = Credentials.temporary("id", "secret", "token", null);
    assertThat(key)
        .isEqualTo(Credentials.temporary("id", "secret", "token", END).from("a file"))
        .hasSameHashCodeAs(Credentials.temporary("id", "secret", "token", END).from("a file"));
    for (Credentials other :
        List.of(
            Credentials.temporary("id2", "secret", "token", null),
            Credentials.temporary("id", "secret2", "token", null),
            Credentials.temporary("id", "secret", "token2", null),
            Credentials.accessKey("id", "secret"),
            Credentials.token("token", null))) {
      assertThat(key).isNotEqualTo(other);
      assertThat(key.hashCode()).isNotEqualTo(other.hashCode());
    }
  }

  @Test
  void tokensAreEqualWhenTheyAreSentAlike() {
    Credentials token = Credentials.token("token", null);
    assertThat(token)
        .isEqualTo(Credentials.token("token", END).from("a password"))
        .hasSameHashCodeAs(Credentials.token("token", END))
        .isNotEqualTo(Credentials.token("token2", null))
        .isNotEqualTo(Credentials.accessKey("token", "token"));
    assertThat(token.hashCode()).isNotEqualTo(Credentials.token("token2", null).hashCode());
  }

  @Test
  void aWordOnTheSourceChangesNothingElse() {
    Credentials.AccessKey key = Credentials.temporary("id", "secret", "token", END).from("a file");
    assertThat(key.source()).contains("a file");
    assertThat(key.expiresAt()).contains(END);
    assertThat(key.id() + " " + key.secret() + " " + key.token().orElseThrow())
        .isEqualTo("id secret token");

    Credentials.Token token = Credentials.token("token", END).from("a password");
    assertThat(token.source()).contains("a password");
    assertThat(token.expiresAt()).contains(END);
    assertThat(token.value()).isEqualTo("token");
    assertThat(Credentials.token("token", null).source()).isEmpty();
    assertThat(Credentials.accessKey("id", "secret").source()).isEmpty();
  }
}
