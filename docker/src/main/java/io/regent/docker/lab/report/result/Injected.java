package io.regent.docker.lab.report.result;

/**
 * A fault that was injected.
 *
 * @param fault what, such as {@code kill -9 of mysqld}
 * @param target to whom, such as {@code aws1}
 * @param fromMillis since when
 * @param untilMillis until when; the same if it was a blow
 */
public record Injected(String fault, String target, long fromMillis, long untilMillis) {}
