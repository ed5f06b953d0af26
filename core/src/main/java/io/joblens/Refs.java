package io.joblens;

import io.joblens.spi.Hosts;
import io.joblens.spi.Percent;
import io.joblens.spi.Text;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The text form that {@link JobRef} and {@link RunRef} share. */
final class Refs {
  record Parts(ProviderId provider, String region, List<String> segments) {}

  private Refs() {}

  static void checkRegion(String region) {
    Hosts.requireLabel("region", region);
  }

  static List<String> checkSegments(String what, List<String> segments) {
    if (segments.isEmpty()) {
      throw new IllegalArgumentException(what + " is missing");
    }
    segments.forEach(segment -> Text.requireId(what, segment));
    return List.copyOf(segments);
  }

  static String format(ProviderId provider, String region, List<String> segments) {
    return provider
        + ":"
        + region
        + ":"
        + segments.stream().map(Percent::encode).collect(Collectors.joining("/"));
  }

  static Parts parse(String text) {
    String[] parts = text.split(":", 3);
    if (parts.length != 3 || parts[2].isEmpty()) {
      throw new IllegalArgumentException(
          "'"
              + Text.printable(text)
              + "' is no reference; expected provider:region:id, as the command line prints it");
    }
    List<String> segments = Stream.of(parts[2].split("/", -1)).map(Percent::decode).toList();
    return new Parts(new ProviderId(parts[0]), parts[1], segments);
  }
}
