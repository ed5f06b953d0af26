package io.joblens.compat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The class path of this JVM. */
final class ClassPath {
  static final String OKHTTP = "okhttp3.OkHttpClient";
  static final String OKIO = "okio.ByteString";
  static final String JACKSON = "com.fasterxml.jackson.core.JsonFactory";
  static final String SLF4J = "org.slf4j.Logger";

  private static final Pattern VERSION = Pattern.compile("-(\\d[^/]*)\\.jar!");

  private ClassPath() {}

  /** Returns the places that a class could be loaded from, the one that is used first. */
  static List<URL> placesOf(String type) {
    try {
      return Collections.list(
          ClassPath.class.getClassLoader().getResources(type.replace('.', '/') + ".class"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the version in the name of the jar that a class is loaded from. */
  static String versionOf(String type) {
    List<URL> places = placesOf(type);
    String place = places.isEmpty() ? "none" : places.get(0).getPath();
    return VERSION.matcher(place).results().findFirst().map(found -> found.group(1)).orElse(place);
  }

  static long jars() {
    return Stream.of(System.getProperty("surefire.test.class.path", "").split(File.pathSeparator))
        .filter(entry -> entry.endsWith(".jar"))
        .count();
  }
}
