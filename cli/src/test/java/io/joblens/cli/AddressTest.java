package io.joblens.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {
  @Test
  void cloudStandsBeforeTheFirstAt() {
    Address address = Address.parse("batch@tencent-batch:ap-guangzhou:job-7e7evk2x");

    assertThat(address.cloud()).contains("batch");
    assertThat(address.isReference()).isTrue();
    assertThat(address.rest()).isEqualTo("tencent-batch:ap-guangzhou:job-7e7evk2x");
  }

  @Test
  void bareIdsAreNoReference() {
    assertThat(Address.parse("job-7e7evk2x").isReference()).isFalse();
    assertThat(Address.parse("sae@app/job:1").isReference()).isFalse();
    assertThat(Address.parse("sae@app/a%2Fb").ids()).containsExactly("app", "a/b");
  }

  @Test
  void idsSurviveBeingJoined() {
    List<String> ids = List.of("a/b", "任务 1", "c%d");

    assertThat(Address.parse(Address.join(ids)).ids()).containsExactlyElementsOf(ids);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "@", "batch@", "@job-1"})
  void whatNamesNothingIsRefused(String text) {
    assertThatThrownBy(() -> Address.parse(text)).isInstanceOf(UsageException.class);
  }
}
