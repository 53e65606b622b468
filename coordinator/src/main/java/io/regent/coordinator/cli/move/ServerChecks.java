package io.regent.coordinator.cli.move;

import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.RegionConfig;
import io.regent.replicator.verify.Verify;
import io.regent.replicator.verify.VerifyReport.DefinitionDifference;
import io.regent.sql.blocker.Blocker;
import io.regent.sql.fence.MasterSessions;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.init.AccountRole;
import io.regent.sql.preflight.CatchUp;
import io.regent.sql.preflight.Concern;
import io.regent.sql.preflight.ServerPair;
import io.regent.sql.preflight.ServerSight;
import io.regent.sql.session.Account;
import io.regent.sql.session.MysqlErrors;
import io.regent.sql.session.Sessions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Asks the master's MySQL and the target's, as the accounts of Regent, what stands against a move between them. */
public final class ServerChecks {
    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final Duration TOGETHER = Duration.ofSeconds(5);
    private static final String EVENT = "EVENT";

    private final ClusterConfig config;
    private final RegionConfig master;
    private final RegionConfig target;

    /** Between these two regions of the cluster. */
    public ServerChecks(ClusterConfig config, RegionConfig master, RegionConfig target) {
        this.config = config;
        this.master = master;
        this.target = target;
    }

    /**
     * Checks everything; a server that cannot be asked is a concern as well.
     *
     * @param others what every other region has executed, by name
     * @param absence how long a region may be away without having to be rebuilt
     */
    public ServerFindings run(Map<String, GtidSet> others, Duration absence) {
        List<Concern> concerns = new ArrayList<>();
        List<Blocker> blockers = new ArrayList<>();
        attempt(master.name() + " or " + target.name(), concerns, () -> {
            ServerPair pair = new ServerPair(sight(master), sight(target), absence);
            concerns.addAll(pair.concerns(others));
            definitions().forEach(difference -> concerns.add(concern(difference)));
        });
        attempt(master.name(), concerns, () -> {
            MasterSessions sessions = MasterSessions.read(of(master, AccountRole.FENCE));
            blockers.addAll(sessions.blockers());
            concerns.addAll(concerns(sessions));
        });
        return new ServerFindings(concerns, blockers);
    }

    /** The sessions at the master that would hold the closing up now; none if it does not tell. */
    public List<Blocker> blockers() {
        try {
            return MasterSessions.read(of(master, AccountRole.FENCE)).blockers();
        } catch (SQLException e) {
            return List.of();
        }
    }

    /**
     * Measures how far the target is behind.
     *
     * @throws SQLException if a server cannot be asked
     */
    public CatchUp catchUp(Duration time) throws SQLException {
        return CatchUp.measure(of(master, AccountRole.OBSERVE), of(target, AccountRole.OBSERVE), time);
    }

    private interface Question {
        void ask() throws SQLException;
    }

    private static void attempt(String whose, List<Concern> concerns, Question question) {
        try {
            question.ask();
        } catch (SQLException e) {
            concerns.add(Concern.error(
                    "the MySQL of " + whose + " cannot be asked from here: " + MysqlErrors.message(e),
                    "accounts, definitions, settings and sessions are not compared"));
        }
    }

    private ServerSight sight(RegionConfig region) throws SQLException {
        List<String> regent =
                config.accounts().values().stream().map(Account::user).toList();
        return ServerSight.read(region.name(), of(region, AccountRole.OBSERVE), regent);
    }

    private Sessions of(RegionConfig region, AccountRole role) {
        return config.sessions(region, role).connectTimeout(CONNECT);
    }

    private List<DefinitionDifference> definitions() throws SQLException {
        Map<String, Sessions> both = new LinkedHashMap<>();
        for (RegionConfig region : List.of(master, target)) {
            both.put(region.name(), of(region, AccountRole.OBSERVE).program("regent-preflight"));
        }
        return new Verify(both, TOGETHER).definitions();
    }

    /** Links carry no definition of an event: that is told with the events that run. */
    private Concern concern(DefinitionDifference difference) {
        String line = difference.line(List.of(master.name(), target.name()));
        return difference.kind().equals(EVENT)
                ? Concern.note(line)
                : Concern.error(line, "applications find another schema at " + target.name());
    }

    private List<Concern> concerns(MasterSessions sessions) {
        List<Concern> concerns = new ArrayList<>();
        if (!sessions.prepared().isEmpty()) {
            concerns.add(Concern.error(
                    "prepared XA transactions are left at " + master.name() + ": " + sessions.prepared()
                            + "; end them by XA COMMIT or XA ROLLBACK",
                    "the move waits until they are ended, and is called off if they are not"));
        }
        if (!sessions.blindness().isEmpty()) {
            concerns.add(Concern.warning("at " + master.name() + " " + sessions.blindness()
                    + ": who holds locks of tables is not known before the closing"));
        }
        return concerns;
    }
}
