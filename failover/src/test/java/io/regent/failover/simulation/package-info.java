/**
 * A seeded simulation that drives the real rules through failures.
 *
 * <p>It decides nothing about mastership itself; what it knows better than a coordinator only serves its checks.
 */
@NullMarked
package io.regent.failover.simulation;

import org.jspecify.annotations.NullMarked;
