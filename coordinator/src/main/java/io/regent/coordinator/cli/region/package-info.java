/**
 * Commands about one region's server: {@code region rebuild} replaces its data, {@code region rejoin} gives it another
 * server uuid.
 *
 * <p>They are no coordinators and write neither {@code /master} nor a lease. What makes them safe while the region's
 * coordinator runs on: the rows of {@code regent_local} say whose they are (package {@code sql.schema}). From the moment
 * in which somebody sets out to replace the data, or the server has another uuid, until the last step here, neither the
 * coordinator nor mysqld itself believes any of them. What makes two of them safe, or one that was paused for hours: all
 * that changes whose the server is happens on one session that mysqld gives to one at a time, and only if uuid and rows
 * are still what was seen (package {@code sql.rebuild}). In order, so that a kill anywhere leaves what the next run goes
 * on from:
 *
 * <ol>
 *   <li>a rebuild takes the rows from everybody and looks once more at all it was told; what speaks against it now gives
 *   them back, and nothing was done;
 *   <li>all that may fail is done: counters, the plugin, the account at the source;
 *   <li>another uuid is claimed in {@code /origins}. From then on a server with the old one is not opened any more,
 *   whatever becomes of the rest: nobody can know all the numbers that the old data gave out;
 *   <li>{@code auto.cnf} gets it, which mysqld reads at its next start;
 *   <li>the data is cloned, or not; mysqld starts again, SEALED;
 *   <li>what came is checked against history as ZooKeeper has it now, and accounts, events and settings are made the
 *   region's;
 *   <li>one transaction makes the rows the server's own; its coordinator takes it from there.
 * </ol>
 */
@NullMarked
package io.regent.coordinator.cli.region;

import org.jspecify.annotations.NullMarked;
