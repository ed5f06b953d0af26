package io.joblens.reliability;

import io.joblens.reliability.SdkProgram.Ending;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** An {@link SdkProgram}, started again when a call does not end. */
final class SdkJvm implements AutoCloseable {
  /** How long a call may take. */
  private static final int LIMIT_SECONDS = 10;

  private static final String TRUSTED = "target/trusted.p12";
  private static final String PASSWORD = "changeit";
  private static final File LOG = new File("target/comparison.log");

  private final Sdk sdk;
  private Process jvm;
  private PrintStream commands;
  private BufferedReader answers;

  SdkJvm(Sdk sdk) {
    this.sdk = sdk;
    this.jvm = start(sdk);
    this.commands = commands(jvm);
    this.answers = answers(jvm);
  }

  /** Lets the clients trust one authority: by the JDK's own store, which they all look into. */
  static void trust(X509Certificate authority) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("authority", authority);
    try (OutputStream out = Files.newOutputStream(Path.of(TRUSTED))) {
      store.store(out, PASSWORD.toCharArray());
    }
    Files.deleteIfExists(LOG.toPath());
  }

  /** Opens a client for this endpoint. */
  void open(Row row, String endpoint) {
    commands.println("open " + row.id() + " " + endpoint);
  }

  /** Calls, and returns how that ended, if it did. */
  Optional<Ending> call() throws InterruptedException {
    commands.println("call");
    BufferedReader from = answers;
    CompletableFuture<String> line = CompletableFuture.supplyAsync(() -> line(from));
    try {
      return Optional.of(Ending.of(line.get(LIMIT_SECONDS, TimeUnit.SECONDS)));
    } catch (TimeoutException e) {
      close();
      jvm = start(sdk);
      commands = commands(jvm);
      answers = answers(jvm);
      return Optional.empty();
    } catch (ExecutionException e) {
      throw new IllegalStateException(sdk + " ended its JVM; see " + LOG, e);
    }
  }

  @Override
  public void close() {
    jvm.destroyForcibly();
  }

  private static String line(BufferedReader from) {
    try {
      @Nullable String line = from.readLine();
      if (line == null) {
        throw new IllegalStateException("no answer");
      }
      return line;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static PrintStream commands(Process jvm) {
    return new PrintStream(jvm.getOutputStream(), true, StandardCharsets.UTF_8);
  }

  private static BufferedReader answers(Process jvm) {
    return new BufferedReader(new InputStreamReader(jvm.getInputStream(), StandardCharsets.UTF_8));
  }

  private static Process start(Sdk sdk) {
    try {
      return new ProcessBuilder(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx256m",
                  "-XX:TieredStopAtLevel=1",
                  "-Djdk.net.hosts.file=src/test/resources/hosts",
                  "-Djavax.net.ssl.trustStore=" + TRUSTED,
                  "-Djavax.net.ssl.trustStorePassword=" + PASSWORD,
                  "-cp",
                  System.getProperty(
                      "surefire.test.class.path", System.getProperty("java.class.path")),
                  SdkProgram.class.getName(),
                  sdk.name()))
          .redirectError(ProcessBuilder.Redirect.appendTo(LOG))
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
