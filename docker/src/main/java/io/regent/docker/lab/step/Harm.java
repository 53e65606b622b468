package io.regent.docker.lab.step;

import io.regent.docker.lab.fault.Fault;
import io.regent.docker.lab.fault.Lasting;
import io.regent.docker.lab.fleet.FleetException;
import io.regent.docker.lab.fleet.Network;
import io.regent.docker.lab.fleet.Network.Cut;
import io.regent.docker.lab.fleet.Network.Traffic;
import io.regent.docker.lab.step.Findings.Sight;
import io.regent.sql.session.Sessions;
import io.regent.sql.session.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;

/**
 * Something that is done to a region, which its master can bear, and lasts until it is closed.
 *
 * @param title in a few words
 * @param region to which
 * @param begin does it
 */
public record Harm(String title, String region, Beginning begin) {
    /** How it begins. */
    @FunctionalInterface
    public interface Beginning {
        /** Does it; what is returned takes it back. */
        Lasting in(Stage stage) throws SQLException;
    }

    /** One that an injector can do. */
    public static Harm of(Fault fault, String region) {
        return new Harm(
                fault.title(), region, stage -> WrittenDown.injector(stage).inject(fault, region));
    }

    /** Nothing but what ZooKeeper says passes between two regions, the second of which is not master. */
    public static Harm cut(String one, String region) {
        return new Harm("cut off from " + one + ", not from ZooKeeper", region, stage -> {
            Network network = network(stage);
            network.cut(List.of(new Cut(Set.of(one), Set.of(region), true, Traffic.ALL_BUT_ZOOKEEPER)));
            return network::heal;
        });
    }

    private static Network network(Stage stage) {
        return stage.fleet()
                .network()
                .orElseThrow(() -> new FleetException("this fleet has no network that can be cut; use containers"));
    }

    /** An operator spares these regions, so that nobody could follow the master if they are all the others. */
    public static Harm maintenance(List<String> regions) {
        String all = String.join(" and ", regions);
        return new Harm("in maintenance", all, stage -> {
            for (String one : regions) {
                stage.order("maintenance", one);
                stage.findings().injected("in maintenance", one, Sight.CLEAR);
            }
            return () -> {
                for (String one : regions) {
                    stage.order("maintenance", one, "--off");
                    stage.findings().lifted(one);
                }
            };
        });
    }

    /** An administrator's session there, which goes on doing this until it ends. */
    public static Harm session(String title, String region, List<String> statements) {
        return new Harm(title, region, stage -> {
            Sessions sessions = stage.fleet().node(region).mysql().sessions();
            Connection session = sessions.open();
            try (Statement statement = session.createStatement()) {
                for (String sql : statements) {
                    statement.execute(sql);
                }
            } catch (SQLException e) {
                session.close();
                throw e;
            }
            return () -> end(session);
        });
    }

    /** A setting of the region's server is changed, and set to what it was before at the end. */
    public static Harm setting(String title, String region, String variable, String value) {
        return new Harm(title, region, stage -> {
            Sessions sessions = stage.fleet().node(region).mysql().sessions();
            String before = set(sessions, variable, value);
            return () -> {
                try {
                    set(sessions, variable, before);
                } catch (SQLException e) {
                    throw new FleetException(variable + " of " + region + " stays as it is: " + e.getMessage(), e);
                }
            };
        });
    }

    /** What it was before. */
    private static String set(Sessions sessions, String variable, String value) throws SQLException {
        try (Connection session = sessions.open();
                Statement statement = session.createStatement()) {
            String before = Statements.text(session, "SELECT @@GLOBAL." + variable)
                    .orElseThrow(() -> new SQLException("no variable " + variable));
            statement.execute("SET GLOBAL " + variable + " = " + value);
            return before;
        }
    }

    private static void end(Connection session) {
        try {
            session.close();
        } catch (SQLException e) {
            throw new FleetException("a session does not end: " + e.getMessage(), e);
        }
    }

    /** Does it, and writes it down if nobody else does. */
    Lasting begin(Stage stage) throws SQLException {
        int known = stage.findings().injected().size();
        Lasting lasting = begin.in(stage);
        if (stage.findings().injected().size() == known) {
            stage.findings().injected(title, region, Sight.CLEAR);
        }
        return () -> {
            lasting.close();
            stage.findings().lifted(region);
        };
    }
}
