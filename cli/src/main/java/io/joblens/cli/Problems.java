package io.joblens.cli;

import io.joblens.CallTimeoutException;
import io.joblens.ConfigException;
import io.joblens.CredentialsException;
import io.joblens.JobDataException;
import io.joblens.JobException;
import io.joblens.JobServiceException;
import io.joblens.JobTransportException;
import io.joblens.PagingException;
import io.joblens.QuotaExceededException;
import io.joblens.UnsupportedQueryException;
import io.joblens.WaitTimeoutException;
import io.joblens.spi.Json;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is said beside the data, on standard error: text for people, else one JSON object a line.
 */
final class Problems {
  private final PrintStream err;
  private final boolean json;

  Problems(PrintStream err, boolean json) {
    this.err = err;
    this.json = json;
  }

  /** Says what went wrong. Each line of the message is a problem of its own. */
  void error(String message) {
    message
        .lines()
        .filter(line -> !line.isBlank())
        .forEach(line -> say("error", "joblens: ", line, Map.of()));
  }

  /** Says what went wrong with a cloud. */
  void error(JobException error) {
    if (error instanceof ConfigException) {
      error(String.valueOf(error.getMessage())); // may list many mistakes
      return;
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("cloud", error.cloud());
    fields.put("provider", error.provider());
    fields.put("operation", error.operation());
    fields.put("error", kind(error));
    if (error instanceof JobServiceException service) {
      fields.put("httpStatus", service.httpStatus());
      fields.put("errorCode", service.errorCode());
      fields.put("requestId", service.requestId());
    }
    fields.put("attempts", error.attempts());
    fields.put("resumeToken", error.resumeToken());
    say("error", "joblens: ", String.valueOf(error.getMessage()), fields);
  }

  /** Says something about a cloud that may matter to whoever reads the rows. */
  void note(String cloud, String message) {
    say("note", "joblens: " + cloud + ": ", message, Map.of("cloud", cloud));
  }

  /** Says how things go on. */
  void progress(String message, Map<String, ?> fields) {
    say("info", "", message, fields);
  }

  private void say(String level, String prefix, String message, Map<String, ?> fields) {
    if (json) {
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("level", level);
      line.putAll(fields);
      line.put("message", message);
      err.print(Json.write(line) + "\n");
    } else {
      err.print(Cells.clean(prefix + message) + "\n");
    }
    err.flush();
  }

  private static Object kind(JobException error) {
    if (error instanceof JobServiceException service) {
      return service.kind();
    } else if (error instanceof JobTransportException transport) {
      return transport.kind();
    } else if (error instanceof JobDataException data) {
      return data.kind();
    } else if (error instanceof PagingException paging) {
      return paging.kind();
    } else if (error instanceof CredentialsException) {
      return "CREDENTIALS";
    } else if (error instanceof UnsupportedQueryException) {
      return "UNSUPPORTED_QUERY";
    } else if (error instanceof CallTimeoutException) {
      return "CALL_TIMEOUT";
    } else if (error instanceof QuotaExceededException) {
      return "QUOTA_EXCEEDED";
    } else if (error instanceof WaitTimeoutException) {
      return "WAIT_TIMEOUT";
    }
    return Optional.empty();
  }
}
