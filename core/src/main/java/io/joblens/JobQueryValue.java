package io.joblens;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** The one implementation of {@link JobQuery}. */
record JobQueryValue(
    List<String> jobs,
    List<RunRef> runs,
    Set<JobState> states,
    boolean problemsOnly,
    Optional<String> name,
    Map<String, String> tags,
    Optional<Instant> since,
    Optional<Instant> until,
    TimeField by,
    OptionalInt limit,
    OptionalInt pageSize,
    Optional<Duration> deadline,
    Map<String, String> extras,
    boolean resolveNames)
    implements JobQuery {
  @Override
  public Builder toBuilder() {
    Builder builder =
        JobQuery.builder().jobs(jobs).runs(runs).states(states).problemsOnly(problemsOnly).by(by);
    builder.resolveNames(resolveNames);
    name.ifPresent(builder::name);
    tags.forEach(builder::tag);
    since.ifPresent(builder::since);
    until.ifPresent(builder::until);
    limit.ifPresent(builder::limit);
    pageSize.ifPresent(builder::pageSize);
    deadline.ifPresent(builder::deadline);
    extras.forEach(builder::extra);
    return builder;
  }
}
