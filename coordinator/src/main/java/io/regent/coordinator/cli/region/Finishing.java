package io.regent.coordinator.cli.region;

import io.regent.coordinator.cli.CliException;
import io.regent.failover.model.ClusterState;
import io.regent.sql.init.InitRefusedException;
import io.regent.sql.init.InitSettings;
import io.regent.sql.init.ServerInit;
import io.regent.sql.rebuild.ClonePlugin;
import io.regent.sql.rebuild.ForeignEvents;
import io.regent.sql.rebuild.Ownership;
import io.regent.sql.rebuild.Rebase;
import io.regent.sql.schema.Answer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The last steps, on a server that came back with other rows than its own. What makes those its own is the very last:
 * killed before it, the next run begins here again; after it, all is done.
 */
final class Finishing {
    private final Work work;

    Finishing(Work work) {
        this.work = work;
    }

    /**
     * Makes the server ready and its rows its own.
     *
     * @param back the server as it came back
     * @param copied whether the rows are another region's
     */
    RegionReport run(RegionReport report, RegionServer back, boolean copied) throws CliException {
        ClusterState cluster = work.look();
        NewUuid.requireClaimed(cluster, work.region(), back.uuid());
        if (back.isItself()) {
            return report.done(back.uuid().toString()); // it got back the uuid that its rows are of
        }
        List<String> problems = copied ? RegionPlan.problemsOfCopy(cluster, back) : List.of();
        if (!problems.isEmpty()) {
            return report.unfinished(problems);
        }
        Optional<UUID> rowsOf = Optional.ofNullable(back.rowsOf());
        String why = work.alone(session -> {
            Ownership seen = new Ownership(session.connection(), back.uuid(), rowsOf);
            Answer answer = prepare(seen, back.tuning().increment(), copied);
            return answer.done() ? Rebase.run(seen, copied).reason() : answer.reason();
        });
        return why.isEmpty() ? report.done(back.uuid().toString()) : report.unfinished(List.of(why));
    }

    /** Before its own coordinator may go on: afterwards this is one of many administrators. */
    private Answer prepare(Ownership seen, int increment, boolean copied) throws SQLException, CliException {
        Connection session = seen.session();
        ForeignEvents events = new ForeignEvents(session);
        if (copied) {
            events.hold();
        }
        Answer standby = seen.makeStandby();
        if (!standby.done()) {
            return standby;
        }
        if (copied) {
            List<String> disabled = events.disable();
            if (!disabled.isEmpty()) {
                work.tell()
                        .accept("these events came with the copy and are disabled in " + work.region() + ": "
                                + String.join(", ", disabled));
            }
            new ClonePlugin(session).dropDonorAccounts();
        }
        return init(session, increment);
    }

    /** Its accounts and settings are what they are to be, whatever came with the copy. */
    private Answer init(Connection session, int increment) throws SQLException {
        int offset = work.config().regionNames().indexOf(work.region()) + 1;
        int slots = Math.max(increment, work.config().regions().size());
        InitSettings settings = new InitSettings(work.config().accounts(), slots, offset, Set.of());
        try {
            ServerInit.ofCopy(settings, work.order().region().mysql()).apply(session);
            return Answer.ok();
        } catch (InitRefusedException e) {
            return Answer.refused(
                    "mend this, and run it again: " + e.plan().text().strip());
        }
    }
}
