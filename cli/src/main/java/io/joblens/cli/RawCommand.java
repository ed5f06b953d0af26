package io.joblens.cli;

import io.joblens.JobClient;
import io.joblens.RawRequest;
import io.joblens.RawResponse;
import io.joblens.spi.JsonReader;
import io.joblens.spi.WireDataException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "raw",
    mixinStandardHelpOptions = true,
    description = "Sends a request in the vendor's own words and prints the vendor's JSON.")
final class RawCommand implements Callable<Integer> {
  private final Io io;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Configuration; else $JOBLENS_CONFIG, else ~/.config/joblens/joblens.yaml.")
  @Nullable Path config;

  @Parameters(index = "0", paramLabel = "CLOUD", description = "The cloud's name.")
  String cloud = "";

  @Parameters(
      index = "1",
      paramLabel = "ACTION",
      description = "The vendor's name of the operation.")
  String action = "";

  @Option(
      names = "--query",
      paramLabel = "K=V",
      description = "A query parameter; may be given several times.")
  List<String> query = new ArrayList<>();

  @Option(names = "--json", paramLabel = "BODY", description = "The JSON body.")
  @Nullable String json;

  @Option(
      names = "--method",
      paramLabel = "M",
      description = "GET or POST; else the vendor's usual.")
  @Nullable String method;

  @Option(names = "--path", paramLabel = "P", description = "The path, where operations have one.")
  @Nullable String path;

  @Option(names = "--region", paramLabel = "R", description = "The region; else the cloud's first.")
  @Nullable String region;

  @Option(
      names = "--repeatable",
      description = "Sending it twice does no harm: try again after a failure.")
  boolean repeatable;

  @Option(names = "--unmasked", description = "Print secrets in the answer as they came.")
  boolean unmasked;

  RawCommand(Io io) {
    this.io = io;
  }

  @Override
  public Integer call() {
    RawRequest request;
    try {
      request = request();
    } catch (IllegalArgumentException e) {
      throw new UsageException(e);
    }
    try (Targets targets = Targets.open(io, config)) {
      JobClient client = targets.cloud(cloud);
      RawResponse response = send(client, request);
      io.out().print((unmasked ? response.body().unmasked() : response.body().json()) + "\n");
      io.out().flush();
      return ExitCode.OK;
    }
  }

  private static RawResponse send(JobClient client, RawRequest request) {
    try {
      return client.sendRaw(request);
    } catch (IllegalArgumentException e) {
      throw new UsageException(e);
    }
  }

  private RawRequest request() {
    RawRequest.Builder request = RawRequest.action(action);
    Set<String> names = new HashSet<>();
    for (String pair : query) {
      int equals = pair.indexOf('=');
      if (equals < 1) {
        throw new UsageException("--query: '" + Cells.clean(pair) + "'; expected NAME=VALUE");
      }
      String name = pair.substring(0, equals);
      if (!names.add(name)) {
        throw new UsageException("--query: '" + Cells.clean(name) + "' is given twice");
      }
      request.query(name, pair.substring(equals + 1));
    }
    if (json != null) {
      try {
        JsonReader.readTree(json.getBytes(StandardCharsets.UTF_8));
      } catch (WireDataException e) {
        throw new UsageException("--json: the body is no JSON");
      }
      request.json(json);
    }
    if (method != null) {
      request.method(method);
    }
    if (path != null) {
      request.path(path);
    }
    if (region != null) {
      request.region(region);
    }
    if (repeatable) {
      request.repeatable();
    }
    return request.build();
  }
}
