package io.regent.coordinator.cli.migration.adopt;

import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.cli.migration.NativeServers;
import io.regent.sql.blocker.Blocker;
import io.regent.sql.blocker.Blockers;
import io.regent.sql.carriage.Carriage;
import io.regent.sql.carriage.ServerContents;
import io.regent.sql.channel.BegunTransactions;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.session.ServerState;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** What the master's clients have begun, and must have ended before. */
final class Settling {
    /** InnoDB shows its transactions anew only so often. */
    private static final long POLL_NANOS = Duration.ofMillis(200).toNanos();

    private final NativeServers servers;
    private final String master;
    private final Collection<String> users;

    /** @param users names of Regent's accounts */
    Settling(NativeServers servers, String master, Collection<String> users) {
        this.servers = servers;
        this.master = master;
        this.users = users;
    }

    /** What sessions keep from before and a link would stop at (their format, their row image), each with its remedy. */
    List<String> kept() throws CliException {
        ServerContents contents = servers.at(master, session -> ServerContents.read(session, users));
        return Carriage.of(contents, Carriage.ABSENCE).stream()
                .filter(Carriage::isOfSessions)
                .map(obstacle -> "region " + master + ": " + obstacle.line()
                        + "; what they write from now on would be carried by nobody: wait for their end (--wait), or end"
                        + " them, and run this again")
                .toList();
    }

    /** The same, after so long a wait for such sessions to end. */
    List<String> kept(Duration patience) throws CliException {
        long deadline = System.nanoTime() + patience.toNanos();
        List<String> found = kept();
        while (!found.isEmpty() && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(POLL_NANOS);
            found = kept();
        }
        return found;
    }

    /**
     * Waits until every transaction is over that began under other settings.
     *
     * @return what the master has executed then: whatever a server has that executed this comes into a binlog as links
     *     need it
     * @throws CliException if one is not over by then
     */
    GtidSet await(long deadlineNanos) throws CliException {
        LockSupport.parkNanos(POLL_NANOS);
        BegunTransactions begun = servers.at(master, BegunTransactions::now);
        int left;
        do {
            LockSupport.parkNanos(POLL_NANOS);
            left = servers.at(master, begun::left);
            if (left > 0 && System.nanoTime() - deadlineNanos > 0) {
                throw new CliException("region " + master + ": " + left + " transactions that began under its former"
                        + " settings are not over yet; wait for them, end them, or give them more time (--timeout)");
            }
        } while (left > 0);
        LockSupport.parkNanos(POLL_NANOS);
        return servers.at(master, ServerState::read).gtidExecuted();
    }

    /** Who would hold the closing of the master up, after so long a wait for them; the fence's own sessions do not. */
    List<String> blockers(String fence, Duration patience) throws CliException {
        long deadline = System.nanoTime() + patience.toNanos();
        List<Blocker> found = servers.at(master, session -> Blockers.read(session, fence));
        while (!found.isEmpty() && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(POLL_NANOS);
            found = servers.at(master, session -> Blockers.read(session, fence));
        }
        return found.stream()
                .map(blocker -> "region " + master + ": " + blocker.line()
                        + "; it would hold the closing up: wait for its end (--wait), or end it")
                .toList();
    }
}
