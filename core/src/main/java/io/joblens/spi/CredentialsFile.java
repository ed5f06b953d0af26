package io.joblens.spi;

import io.joblens.CredentialsException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file in which a vendor's tools keep credentials. What cannot be read is an error that names the
 * file and, where there is one, the line; never what stands there. A file that others than its
 * owner can read or write is used, with one warning in the life of the process.
 */
public final class CredentialsFile {
  private static final Logger LOG = LoggerFactory.getLogger("io.joblens.credentials");
  private static final Set<Path> WARNED = ConcurrentHashMap.newKeySet();
  private static final Set<PosixFilePermission> OF_OTHERS =
      PosixFilePermissions.fromString("---rwxrwx");
  private static final int LARGEST = 1 << 20;
  private static final Pattern SECTION = Pattern.compile("\\[([^\\[\\]]+)]");
  // After a blank a comment may stand behind anything else, as in examples of vendors' documents;
  // without one the sign belongs to the value.
  private static final Pattern COMMENT = Pattern.compile("(^|\\s)[#;].*");
  private static final Pattern ENTRY = Pattern.compile("([^=:\\s]+)\\s*[=:]\\s*(.*)");

  private final Path path;
  private final byte[] content;

  private CredentialsFile(Path path, byte[] content) {
    this.path = path;
    this.content = content;
  }

  /**
   * Reads the file; empty when there is none.
   *
   * @throws CredentialsException when there is one that cannot be read
   */
  public static Optional<CredentialsFile> read(Path path) {
    try (InputStream in = Files.newInputStream(path)) {
      byte[] content = in.readNBytes(LARGEST + 1);
      if (content.length > LARGEST) {
        throw new CredentialsException(path + " is no credentials file: it is larger than 1 MiB");
      }
      warnIfOpenToOthers(path);
      return Optional.of(new CredentialsFile(path, content));
    } catch (IOException e) {
      if (!(e instanceof AccessDeniedException) && !Files.exists(path)) {
        return Optional.empty();
      }
      throw new CredentialsException(
          path
              + (Files.isDirectory(path)
                  ? " is a directory; a credentials file is expected"
                  : " cannot be read; check its permissions"),
          e);
    }
  }

  /** Returns the files read in this process that others than their owner can read or write. */
  public static Set<Path> openToOthers() {
    return Set.copyOf(WARNED);
  }

  /**
   * Reads the file that the environment variable names or, unless it is set, the one in the home
   * directory; empty when there is none.
   *
   * @param variable the variable, if the vendor's tools know one
   * @param usual the path below the home directory
   * @throws CredentialsException when there is one that cannot be read
   */
  public static Optional<CredentialsFile> find(
      Environment environment, @Nullable String variable, String usual) {
    Optional<String> given = variable == null ? Optional.empty() : environment.variable(variable);
    try {
      return given
          .map(Path::of)
          .or(() -> environment.home().map(home -> home.resolve(usual)))
          .flatMap(CredentialsFile::read);
    } catch (InvalidPathException e) {
      throw new CredentialsException(
          (variable == null ? "~/" + usual : variable) + " is no path of a file", e);
    }
  }

  /**
   * Tells whether others than its owner can read or write the file; no where nobody can tell.
   *
   * @throws IOException when there is no such file
   */
  public static boolean isOpenToOthers(Path path) throws IOException {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix")
        && Files.getPosixFilePermissions(path).stream().anyMatch(OF_OTHERS::contains);
  }

  private static void warnIfOpenToOthers(Path path) throws IOException {
    if (isOpenToOthers(path) && WARNED.add(path.toAbsolutePath())) {
      LOG.warn("{} is open to other users than its owner; run: chmod 600 {}", path, path);
    }
  }

  /** Returns the JSON object in it: maps, lists and simple values. */
  public Map<?, ?> json() {
    try {
      if (JsonReader.readTree(content) instanceof Map<?, ?> object) {
        return object;
      }
    } catch (WireDataException e) {
      // it says "the body" of what is an answer elsewhere
      String problem = String.valueOf(e.getMessage()).replaceFirst("^the body ", "");
      throw new CredentialsException(path + ": " + problem);
    }
    throw new CredentialsException(path + ": is not a JSON object");
  }

  /**
   * Returns the sections of an INI file by their names, with their values by key. What follows
   * {@code #} or {@code ;} at the beginning of a line or after a blank is a comment; of a key that
   * stands twice the last value counts.
   */
  public Map<String, Map<String, String>> ini() {
    Map<String, Map<String, String>> sections = new LinkedHashMap<>();
    Map<String, String> section = null;
    int number = 0;
    for (String line : text().split("\\R", -1)) {
      number++;
      String stripped = COMMENT.matcher(line).replaceFirst("").strip();
      if (stripped.isEmpty()) {
        continue;
      }
      Matcher header = SECTION.matcher(stripped);
      Matcher entry = ENTRY.matcher(stripped);
      if (header.matches()) {
        section = sections.computeIfAbsent(header.group(1).strip(), name -> new LinkedHashMap<>());
      } else if (!entry.matches()) {
        throw new CredentialsException(path + ":" + number + ": expected [section] or key = value");
      } else if (section == null) {
        throw new CredentialsException(
            path + ":" + number + ": a value before the first [section]");
      } else {
        section.put(entry.group(1), entry.group(2).strip());
      }
    }
    return sections;
  }

  /** Returns the text of that name in a section or an object, if there is one; blank is none. */
  public static Optional<String> text(Map<?, ?> values, String name) {
    return values.get(name) instanceof String text && !text.isBlank()
        ? Optional.of(text)
        : Optional.empty();
  }

  private String text() {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new CredentialsException(path + " is no UTF-8 text");
    }
  }

  /** Returns where it is. */
  public Path path() {
    return path;
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
