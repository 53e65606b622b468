/**
 * The cluster's znodes: typed reads, checked writes, and the elections.
 *
 * <p>Watches are ZooKeeper's own, each fires once and is set anew by the next read; Curator's caches are not used.
 * Each look sets one on {@code /master}, which it reads every time, and one on all else that it reads, which it
 * reads again when that fired or after two seconds ({@code Shelf}). Those of {@code /master}, of the folders of
 * plans and skips, of the policy, of the lease of who is named and, while a change of mastership is under way, of
 * reports wake the daemon's loop early; so do the connection's state and the elections. No decision rests on having
 * been woken: the loop looks by itself at the latest when its last decision said.
 *
 * <p>It decides nothing, retries nothing, and no other room knows Curator or ZooKeeper.
 */
@NullMarked
package io.regent.coordinator.zookeeper;

import org.jspecify.annotations.NullMarked;
