package io.regent.docker.lab.sample;

import io.regent.sql.session.WriteState;

/**
 * What was seen of a region at one moment.
 *
 * @param startNanos when it was asked, as {@link System#nanoTime}
 * @param endNanos when it had answered
 * @param region which
 * @param state its write state
 * @param epoch the newest epoch that it had recorded, before and after; 0 if that changed meanwhile, or if it has none
 * @param lacking how many transactions it lacked that the open region had when it was last seen; 0 if none was
 */
public record Sample(long startNanos, long endNanos, String region, WriteState state, long epoch, long lacking) {}
