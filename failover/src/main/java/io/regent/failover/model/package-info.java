/**
 * What ZooKeeper holds about a cluster, as immutable values.
 *
 * <p>It knows no paths and no bytes; the coordinator maps these to znodes.
 */
@NullMarked
package io.regent.failover.model;

import org.jspecify.annotations.NullMarked;
