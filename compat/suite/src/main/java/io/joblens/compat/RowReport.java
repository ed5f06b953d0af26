package io.joblens.compat;

import java.util.EnumMap;
import java.util.Map;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/** Prints one line for the row: what it ran with, and the result. */
public final class RowReport implements TestExecutionListener {
  private final Map<Status, Integer> results = new EnumMap<>(Status.class);

  /** Used by the test platform. */
  public RowReport() {}

  @Override
  public synchronized void executionFinished(TestIdentifier test, TestExecutionResult result) {
    if (test.isTest() || result.getStatus() != Status.SUCCESSFUL) {
      results.merge(result.getStatus(), 1, Integer::sum);
    }
  }

  @Override
  public synchronized void testPlanExecutionFinished(TestPlan plan) {
    System.out.printf(
        "[ROW] %-33s JDK %s, okhttp %s, okio %s, jackson-core %s, slf4j %s, %d jars:"
            + " %d passed, %d failed, %d skipped%n",
        System.getProperty("joblens.row"),
        Runtime.version().feature(),
        ClassPath.versionOf(ClassPath.OKHTTP),
        ClassPath.versionOf(ClassPath.OKIO),
        ClassPath.versionOf(ClassPath.JACKSON),
        ClassPath.versionOf(ClassPath.SLF4J),
        ClassPath.jars(),
        results.getOrDefault(Status.SUCCESSFUL, 0),
        results.getOrDefault(Status.FAILED, 0),
        results.getOrDefault(Status.ABORTED, 0));
  }
}
