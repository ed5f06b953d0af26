package io.joblens.huawei;

import io.joblens.ConfigException;
import io.joblens.JobServiceException.Kind;
import io.joblens.spi.Call;
import io.joblens.spi.Credentials;
import io.joblens.spi.CredentialsProvider;
import io.joblens.spi.Endpoint;
import io.joblens.spi.Json;
import io.joblens.spi.JsonReader;
import io.joblens.spi.Quota;
import io.joblens.spi.Rate;
import io.joblens.spi.SecretEcho;
import io.joblens.spi.ServiceError;
import io.joblens.spi.Step;
import io.joblens.spi.WireDataException;
import io.joblens.spi.WireRequest;
import io.joblens.spi.WireResponse;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The calls of Huawei's Identity and Access Management that may come before those of a service: a
 * token for an IAM user, and the id of a region's project.
 *
 * @see <a href="https://support.huaweicloud.com/intl/en-us/api-iam/iam_30_0001.html">Obtaining a
 *     User Token Through Password Authentication</a>
 */
public final class HuaweiIam {
  /** The domains that are Huawei's own. */
  public static final List<String> DOMAINS = List.of("myhuaweicloud.com", "myhuaweicloud.eu");

  private static final String LIST_PROJECTS = "KeystoneListProjects";
  private static final String LIST_OWN_PROJECTS = "KeystoneListAuthProjects";

  /**
   * What an identity needs to be allowed, by operation. Every user may list the own projects, so
   * whoever is denied even that is helped by the permission for the first of both calls.
   */
  static final Map<String, String> PERMISSIONS =
      Map.of(
          LIST_PROJECTS,
          "iam:projects:listProjects",
          LIST_OWN_PROJECTS,
          "iam:projects:listProjects, or project-id set for each region");

  // No limit is documented for these calls; Huawei's usual one per user is taken.
  private static final Rate RATE = Rate.perMinute(200);

  private final Optional<Endpoint> override;

  /**
   * @param override where all calls go; each region's own host unless given
   */
  public HuaweiIam(Optional<Endpoint> override) {
    this.override = override;
  }

  /** Returns where the calls for a region go. */
  public Endpoint endpoint(String region) {
    return override.orElseGet(() -> IamHosts.endpoint(region));
  }

  /**
   * Returns credentials that are a token with the scope of one project, got with an IAM user's
   * password ({@code POST /v3/auth/tokens}) and renewed before its 24 hours are over. A HUAWEI ID
   * cannot get one; an IAM user can.
   *
   * @param domain the account's name
   * @param projectId the project; the region's own unless given
   */
  public CredentialsProvider password(
      String domain, String user, String password, String region, Optional<String> projectId) {
    Call call =
        new Call(
            "KeystoneCreateUserTokenByPassword",
            quota("KeystoneCreateUserTokenByPassword"),
            true, // another token does not end the one before
            false,
            WireRequest.post(endpoint(region))
                .path("/v3/auth/tokens")
                .query("nocatalog", "true")
                .header("Content-Type", "application/json")
                .body(Json.write(passwordRequest(domain, user, password, region, projectId)))
                .build());
    String source = "IAM user " + user + " of " + domain;
    return new CredentialsProvider() {
      @Override
      public String account() {
        return user;
      }

      @Override
      public Step<Credentials> resolve() {
        Step<Credentials> step =
            Step.ask(call, response -> Step.done(token(response).from(source)));
        return step.recover(error -> failed(error, password));
      }

      @Override
      public String toString() {
        return source;
      }
    };
  }

  private static Map<String, Object> passwordRequest(
      String domain, String user, String password, String region, Optional<String> projectId) {
    Map<String, Object> identity =
        Map.of(
            "methods",
            List.of("password"),
            "password",
            Map.of(
                "user",
                Map.of("name", user, "password", password, "domain", Map.of("name", domain))));
    Map<String, Object> project =
        projectId
            .<Map<String, Object>>map(id -> Map.of("id", id))
            .orElseGet(() -> Map.of("name", region));
    return Map.of("auth", Map.of("identity", identity, "scope", Map.of("project", project)));
  }

  private static Credentials.Token token(WireResponse response) {
    String token =
        response
            .header("X-Subject-Token")
            .filter(value -> !value.isBlank())
            .orElseThrow(() -> new WireDataException("the header X-Subject-Token", "is missing"));
    List<Instant> end = new ArrayList<>();
    JsonReader.<Boolean>read(
        response.body(),
        json ->
            json.object(
                field -> {
                  if (field.equals("token")) {
                    json.object(
                        inner -> {
                          if (inner.equals("expires_at")) {
                            time(json).ifPresent(end::add);
                          }
                        });
                  }
                }));
    return Credentials.token(token, end.isEmpty() ? null : end.get(0));
  }

  private static Optional<Instant> time(JsonReader json) {
    String text = json.text();
    try {
      return Optional.ofNullable(text).map(Instant::parse);
    } catch (DateTimeException e) {
      throw json.wrong("is no time");
    }
  }

  /**
   * Ends the step with what may be said: core takes credentials out of what a vendor repeats, and a
   * password is none. Leaves what core may try again.
   */
  private static Optional<Step<Credentials>> failed(ServiceError error, String password) {
    boolean isTransient =
        switch (error.kind()) {
          case THROTTLED, UNAVAILABLE, SERVER_ERROR -> true;
          default -> false;
        };
    // what was too long was cut, perhaps within the password
    boolean isOpen =
        Stream.of(error.code(), error.message(), error.requestId())
            .flatMap(Optional::stream)
            .anyMatch(
                text ->
                    !SecretEcho.masked(text, List.of(password)).equals(text) || text.endsWith("…"));
    if (isTransient && !isOpen) {
      return Optional.empty();
    }
    // a user or project that IAM does not find is no run that is gone
    Kind kind = error.kind() == Kind.NOT_FOUND ? Kind.AUTHENTICATION : error.kind();
    String hint =
        kind == Kind.AUTHENTICATION
            ? "check user, password and domain, and that it is an IAM user: a HUAWEI ID gets no"
                + " token"
            : error.hint().orElse(null);
    return Optional.of(
        Step.failed(
            isOpen
                ? ServiceError.of(kind, error.httpStatus()).hint(hint).build()
                : ServiceError.of(kind, error.httpStatus())
                    .code(error.code().orElse(null))
                    .message(error.message().orElse(null))
                    .requestId(error.requestId().orElse(null))
                    .hint(hint)
                    .build()));
  }

  /**
   * Returns the id of the one project that a region has for the caller. Makes one request, {@code
   * GET /v3/projects?name=REGION}, and where the caller may not do that another one, {@code GET
   * /v3/auth/projects}, which every user may.
   *
   * <p>It fails with a {@link ConfigException} when there is none, or more than one.
   */
  public Step<String> projectId(String region) {
    String all = LIST_PROJECTS;
    String own = LIST_OWN_PROJECTS;
    Call list =
        read(all, WireRequest.get(endpoint(region)).path("/v3/projects").query("name", region));
    Call listOwn = read(own, WireRequest.get(endpoint(region)).path("/v3/auth/projects"));
    Step<String> step = Step.ask(list, response -> only(all, region, response));
    return step.recover(
        error ->
            error.kind() == Kind.ACCESS_DENIED
                ? Optional.of(Step.ask(listOwn, response -> only(own, region, response)))
                : Optional.empty());
  }

  private static Step<String> only(String action, String region, WireResponse response) {
    List<String> ids = projectIds(region, response);
    if (ids.size() == 1) {
      return Step.done(ids.get(0));
    }
    throw new ConfigException(
        "region "
            + region
            + " has "
            + (ids.isEmpty()
                ? "no project"
                : ids.size() + " projects, " + String.join(" and ", ids))
            + " for these credentials ("
            + action
            + "); set project-id to the one that is meant, or correct the region");
  }

  private static List<String> projectIds(String region, WireResponse response) {
    List<String> ids = new ArrayList<>();
    List<Boolean> seen = new ArrayList<>();
    JsonReader.<Boolean>read(
        response.body(),
        json ->
            json.object(
                field -> {
                  if (field.equals("projects")) {
                    seen.add(json.array(() -> project(json, region).ifPresent(ids::add)));
                  }
                }));
    if (!seen.contains(true)) {
      throw new WireDataException("/projects", "is missing");
    }
    return ids;
  }

  /** Returns the project's id, if it is the region's: the vendor's filter is not relied on. */
  private static Optional<String> project(JsonReader json, String region) {
    @Nullable String[] found = new String[2];
    json.object(
        field -> {
          switch (field) {
            case "id" -> found[0] = json.id();
            case "name" -> found[1] = json.text();
            default -> {}
          }
        });
    return region.equals(found[1]) ? Optional.ofNullable(found[0]) : Optional.empty();
  }

  private static Call read(String action, WireRequest.Builder request) {
    return Call.read(
        action, quota(action), request.header("Content-Type", "application/json").build());
  }

  private static Quota quota(String action) {
    return new Quota("huawei-iam/" + action, RATE);
  }
}
