package io.joblens;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The one implementation of {@link JobPage}. */
record JobPageValue(
    List<JobRun> runs,
    Optional<PageToken> nextPageToken,
    Total total,
    OptionalLong claimedTotal,
    Set<Filter> localFilters,
    List<String> notes,
    Drift drift)
    implements JobPage {}
