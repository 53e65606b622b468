/**
 * The cluster's znodes: typed reads, checked writes, and the elections.
 *
 * <p>It decides nothing, retries nothing, and no other room knows Curator or ZooKeeper.
 */
@NullMarked
package io.regent.coordinator.zookeeper;

import org.jspecify.annotations.NullMarked;
