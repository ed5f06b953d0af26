package io.joblens;

/**
 * A cloud that could not answer, or not to the end.
 *
 * @param cloud the cloud's name
 * @param error why
 */
public record CloudFailure(String cloud, JobException error) {}
