package io.regent.docker.lab.sample;

import io.regent.sql.session.WriteState;

/**
 * What was seen of a region at one moment.
 *
 * @param startNanos when it was asked, as {@link System#nanoTime}
 * @param endNanos when it had told its write state
 * @param region which
 * @param state its write state
 * @param epoch the newest epoch that it had recorded, before and after; 0 if that changed meanwhile, or if it has none
 * @param holder the region of that epoch; empty if the epoch is 0
 * @param lacking how many transactions it lacked that the open region had when it was last seen; 0 if none was
 */
public record Sample(
        long startNanos, long endNanos, String region, WriteState state, long epoch, String holder, long lacking) {}
