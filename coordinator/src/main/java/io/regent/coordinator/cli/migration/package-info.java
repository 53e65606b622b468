/**
 * Taking a cluster over from native replication ({@code adopt}). What is made for a cluster is made by the commands of {@code
 * cluster}; this says in which order, and lets no two appliers work on one server and no two servers take writes. It must not
 * open a server that belongs to a cluster, nor forget relay logs of which something is not executed.
 *
 * <p>What is left where {@code adopt} is killed after a step (kill -9; what fails is undone before it ends), and how it goes on
 * when it is run again. The permit is a znode that ends with the run's session, and no founding takes effect without it. Before
 * anything is done to servers beyond what {@code init} does, each is marked (a row in {@code regent_local}, never replicated): with
 * what is to be adopted (cluster, ensemble, master, regions), what was persisted of the settings that are changed, and at the
 * master whether it is to be closed. A later run of the same puts back what marks say and nothing else, the master first.
 *
 * <table>
 * <caption>adopt</caption>
 * <tr><th>killed after</th><th>left</th><th>goes on from there</th></tr>
 * <tr><td>servers are made ready</td><td>accounts, schemas, settings of the binlog; native replication runs, the master is open
 * and starts open</td><td>from the beginning: nothing is made twice</td></tr>
 * <tr><td>servers are marked; a replica's receiver, or it whole, is stopped</td><td>it does not start with mysqld either
 * ({@code skip_replica_start}); it lags, and serves reads; the master is open</td><td>it is started first, and catches up</td></tr>
 * <tr><td>servers are to start SEALED</td><td>the same; a master that restarts now starts closed</td><td>the master is opened
 * and starts as before, replicas are started; then from the beginning</td></tr>
 * <tr><td>the master is closed</td><td>nobody takes writes, nothing was founded and nothing will be: the permit ends</td><td>the
 * same: open first, before anything can be refused</td></tr>
 * <tr><td>the founding was sent</td><td>founded: coordinators open the master and run links, native replication is at rest. Not
 * founded: as the line above</td><td>as ZooKeeper says once the permit has ended</td></tr>
 * <tr><td>the cluster is founded</td><td>it works; channels stay configured, stopped</td><td>each channel goes where the cut is
 * executed, and the mark with it</td></tr>
 * </table>
 *
 * <p>A server that is not reached: before the founding everything is undone, the master first, tried for half a minute, and what
 * could not be undone is said with its statements. A master that an earlier run closed is opened only once every other
 * region says that it is read-only: somebody may have put one in its place. An error is no such answer; one to which no TCP
 * connection comes about is passed over if the operator says so ({@code --without}). ZooKeeper not reached: before the founding is
 * sent everything is undone; after it the permit is taken back, which tells whether it was founded; until that is known the master
 * stays closed, for a master that writes beyond the cut would be diverged. So it does where a later run does not reach ZooKeeper;
 * every error says so then. While the master is closed no server is waited for longer than three seconds. The lock {@code
 * regent.adopt} at every server lets one of {@code adopt} and the foundings of {@code init} work there at a time; {@code adopt}, which
 * alone has the permit, ends what is left of an earlier one's sessions.
 *
 * <p>What an undone run leaves: all that {@code init} makes, AUTO_INCREMENT in steps of the slots too. A kill within the
 * milliseconds in which {@code super_read_only} is lifted at a replica, so that it can be marked, leaves it off; {@code read_only} stays.
 */
@NullMarked
package io.regent.coordinator.cli.migration;

import org.jspecify.annotations.NullMarked;
