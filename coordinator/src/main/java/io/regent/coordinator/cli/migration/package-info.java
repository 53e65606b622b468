/**
 * Taking a cluster over from native replication ({@code adopt}), and handing it back ({@code leave}). What is made for a
 * cluster is made by the commands of {@code cluster}; this says in which order, and lets no two appliers work on one server
 * and no two servers take writes. It must not open a server that belongs to a cluster, nor forget relay logs of which
 * something is not executed.
 *
 * <p>What is left where {@code adopt} is killed after a step (kill -9; what fails is undone before it ends), and how it goes on
 * when it is run again. The permit is a znode that ends with the run's session, and no founding takes effect without it. What a
 * run is about to do to a server it first marks there (a row in {@code regent_local}, never replicated): stopping native
 * replication, keeping it from starting, having the server start SEALED, closing it. A later run undoes what marks say and nothing
 * else, the master first: no other server needs to answer for that, though one that does and takes writes ends it.
 *
 * <table>
 * <caption>adopt</caption>
 * <tr><th>killed after</th><th>left</th><th>goes on from there</th></tr>
 * <tr><td>servers are made ready</td><td>accounts, schemas, settings of the binlog; native replication runs, the master is open
 * and starts open</td><td>from the beginning: nothing is made twice</td></tr>
 * <tr><td>a replica's receiver, or it whole, is stopped</td><td>it does not start with mysqld either ({@code skip_replica_start});
 * it lags, and serves reads; the master is open</td><td>it is started first, and catches up</td></tr>
 * <tr><td>servers are to start SEALED</td><td>the same; a master that restarts now starts closed</td><td>the master is opened
 * and starts as before, replicas are started; then from the beginning</td></tr>
 * <tr><td>the master is closed</td><td>nobody takes writes, nothing was founded and nothing will be: the permit ends</td><td>the
 * same: open first, before anything can be refused</td></tr>
 * <tr><td>the founding was sent</td><td>founded: coordinators open the master and run links, native replication is at rest. Not
 * founded: as the line above</td><td>as ZooKeeper says once the permit has ended</td></tr>
 * <tr><td>the cluster is founded</td><td>it works; channels stay configured, stopped</td><td>each channel goes where the cut is
 * executed</td></tr>
 * </table>
 *
 * <p>A server that is not reached: before the founding everything is undone, the master first, tried for half a minute, and what
 * could not be undone is said with its statements. ZooKeeper not reached: before the founding is sent the same; after it the
 * permit is taken back, which tells whether it was founded; until that is known the master stays closed, for a master that
 * writes beyond the cut would be diverged. So it does where a later run does not reach ZooKeeper; every error says so then.
 * While the master is closed no server is waited for longer than three seconds. The lock {@code regent.adopt} at every server
 * lets one of {@code adopt}, {@code leave} and {@code init --adopt-epoch} work there at a time.
 *
 * <table>
 * <caption>leave</caption>
 * <tr><th>killed after</th><th>left</th><th>goes on from there</th></tr>
 * <tr><td>the automation is paused</td><td>the cluster as it was, paused</td><td>from the beginning; {@code resume} ends it</td></tr>
 * <tr><td>the last word is in {@code /master}</td><td>nobody can be named, renew, open or take over; the source closes itself when
 * its lease is over. Nobody else takes writes</td><td>the source is let go of, and opened if it was closed</td></tr>
 * <tr><td>the last word is bound, which is done right before the source is touched, and again before it is opened</td><td>the
 * same, and {@code init --adopt-epoch} is refused: no cluster is founded where a server is opened without a lease</td><td>the same</td></tr>
 * <tr><td>the source's accounts are locked</td><td>the same, unless its epochs were forgotten: then it is open, for good</td>
 * <td>the same; its dead-man is waited for once more</td></tr>
 * <tr><td>the source is let go of</td><td>it takes writes, and starts open; the others stand still, read-only</td><td>with the
 * others</td></tr>
 * <tr><td>another region is let go of</td><td>the same; that one has no dead-man and no link</td><td>with its channel</td></tr>
 * <tr><td>it replicates</td><td>the same; it catches up</td><td>with the next</td></tr>
 * </table>
 *
 * <p>A server that is not reached: before the last word nothing was done, and the automation goes on. After it, the source
 * alone matters for writes: unreached it closes itself, and is opened when the command is run again and reaches it; others are
 * let go of when they are reached, and if they are not before a closed source is opened, that waits until no lease of before the
 * word can last. While only the last word was said, {@code init --adopt-epoch} takes it back, under another master if need be:
 * nothing was locked yet. Once it is bound only {@code leave} goes on; if the source is gone for good by then, an operator who
 * sees that it stays away deletes {@code /master} in ZooKeeper, which ends the handing back, and {@code init --adopt-epoch} founds.
 */
@NullMarked
package io.regent.coordinator.cli.migration;

import org.jspecify.annotations.NullMarked;
