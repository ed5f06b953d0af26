package io.joblens.compat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The row runs with the libraries that it is about. */
public class ClassPathTest {
  @Test
  void okHttpIsTheOneThatTheRowIsAbout() {
    assertThat(ClassPath.versionOf(ClassPath.OKHTTP))
        .isEqualTo(System.getProperty("joblens.row.okhttp"));
  }

  @Test
  void jacksonIsTheOneThatTheRowIsAbout() {
    assertThat(ClassPath.versionOf(ClassPath.JACKSON))
        .isEqualTo(System.getProperty("joblens.row.jackson"));
  }

  /** Twice where the application does not import our BOM: as okhttp and as okhttp-jvm. */
  @Test
  void okHttpIsThereAsOftenAsExpected() {
    assertThat(ClassPath.placesOf(ClassPath.OKHTTP))
        .hasSize(Integer.getInteger("joblens.row.okhttp.copies"));
  }

  @ParameterizedTest
  @ValueSource(strings = {ClassPath.OKIO, ClassPath.JACKSON, ClassPath.SLF4J})
  void everyOtherLibraryIsThereOnce(String type) {
    assertThat(ClassPath.placesOf(type)).hasSize(1);
  }
}
