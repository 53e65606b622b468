/**
 * A seeded simulation that drives the real rules, and the daemon's own {@code Cycle} of looks and deeds, through failures.
 *
 * <p>What wakes a loop is what wakes the daemon's: it looks when it has rested, and before that when a watch fires,
 * its connection to ZooKeeper or its latch changes, or the mysqld on its host dies. A watch that fires says only
 * that something changed; what changed is read by the look. So a wake that comes late, twice or never, or to a
 * client whose follower is behind, costs time and nothing else, and the simulation deals out all of these ({@code
 * SimWatches}). A look is no snapshot here either: {@code /master} is read first, the rest after it, and what no
 * watch has told of is not read again for up to two seconds. That is harsher than ZooKeeper, which promises that who
 * reads something newer was told before.
 *
 * <p>Left out: that a region which is named and not OPEN yet rests for only 5 or 50 ms, and that what fails at home again and
 * again is tried after up to 160 ms. Whether a coordinator rests or goes on at once is the cycle's word here, too.
 *
 * <p>It decides nothing about mastership itself; what it knows better than a coordinator only serves its checks.
 */
@NullMarked
package io.regent.failover.simulation;

import org.jspecify.annotations.NullMarked;
