/**
 * Commands about one region's server: {@code region rebuild} replaces its data, {@code region rejoin} gives it another
 * server uuid.
 *
 * <p>They are no coordinators and write neither {@code /master} nor a lease. What makes them safe while the region's
 * coordinator runs on: the rows of {@code regent_local} say whose they are (package {@code sql.schema}). From the moment
 * in which the data is another server's, or the server has another uuid, until the last step here, neither the
 * coordinator nor mysqld itself believes any of them. In order, so that a kill anywhere leaves what the next run goes on
 * from:
 *
 * <ol>
 *   <li>another uuid is claimed in {@code /origins}. From then on a server with the old one is not opened any more,
 *   whatever becomes of the rest: nobody can know all the numbers that the old data gave out;
 *   <li>{@code auto.cnf} gets it, which mysqld reads at its next start;
 *   <li>the data is cloned, or not; mysqld starts again, SEALED;
 *   <li>what came is checked against history as ZooKeeper has it now;
 *   <li>one transaction makes the rows the server's own; its coordinator takes it from there.
 * </ol>
 */
@NullMarked
package io.regent.coordinator.cli.region;

import org.jspecify.annotations.NullMarked;
