/**
 * Measures a link against MySQL's own replication.
 *
 * <p>Three embedded servers with the same settings: a source, a target that a link of Regent feeds, a target that MySQL's
 * own replica feeds. Both get the same transactions from the same binlog, one after the other and in turns. A {@link
 * io.regent.docker.bench.Backlog} is written while neither runs; then each {@link io.regent.docker.bench.Carrier} drains it
 * ({@link io.regent.docker.bench.Drain}), or both keep up with a steady rate ({@link io.regent.docker.bench.Steady}).
 */
@NullMarked
package io.regent.docker.bench;

import org.jspecify.annotations.NullMarked;
