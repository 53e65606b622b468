package io.regent.sql.fence;

import io.regent.sql.session.Quoting;
import io.regent.sql.session.ServerState;
import io.regent.sql.session.Statements;
import io.regent.sql.session.WriteState;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * All that a run of {@code adopt} must know of a server to undo what it, or one before it that was killed, did there: written
 * before anything is done, so that nothing that others did is taken for it. It is one row of {@code regent_local}, never
 * replicated; on a copy of the server's data it is not believed.
 *
 * @param attempt what was to be adopted
 * @param settings by name what was persisted of the settings that are changed; empty text where nothing was
 * @param sealed whether {@code super_read_only} was on
 * @param closed whether the server was open, and was closed or is about to be
 */
public record AdoptionMark(Attempt attempt, Map<String, String> settings, boolean sealed, boolean closed) {
    private static final String TABLE = "regent_local.adoption";

    /** For who opens a server by hand. */
    public static final List<String> OPENING =
            List.of("SET GLOBAL offline_mode = OFF", "SET GLOBAL super_read_only = OFF", "SET GLOBAL read_only = OFF");

    /**
     * What is to be adopted: only a run of the same may undo what one did.
     *
     * @param cluster its name
     * @param zookeeper the ensemble, as the file names it
     * @param master the region that takes writes
     * @param regions all of them
     */
    public record Attempt(String cluster, String zookeeper, String master, List<String> regions) {
        /** In order. */
        public Attempt {
            regions = regions.stream().sorted().toList();
        }

        @Override
        public String toString() {
            return "dbctl adopt --master " + master + " of cluster " + cluster + " with regions "
                    + String.join(", ", regions) + " by ZooKeeper " + zookeeper;
        }
    }

    /** Copies the map. */
    public AdoptionMark {
        settings = new TreeMap<>(settings);
    }

    /** Marks a server, from now on. */
    public static void begin(Connection admin, Attempt attempt, List<String> variables) throws SQLException {
        Map<String, String> settings = new TreeMap<>();
        for (String name : variables) {
            settings.put(name, persisted(admin, name).orElse(""));
        }
        boolean sealed = ServerState.read(admin).writeState() == WriteState.SEALED;
        new AdoptionMark(attempt, settings, sealed, false).write(admin);
    }

    /** Marks that it is to be closed; it has a mark, and is open. */
    public static void closing(Connection admin) throws SQLException {
        locally(admin, () -> Statements.execute(admin, "UPDATE " + TABLE + " SET closed = 1"));
    }

    /** Reads it; empty if there is none, or if it is of another server. */
    public static Optional<AdoptionMark> read(Connection admin) throws SQLException {
        if (!isThere(admin)) {
            return Optional.empty();
        }
        String one = " FROM " + TABLE + " WHERE server_uuid = @@global.server_uuid";
        Optional<String> master = Statements.text(admin, "SELECT master" + one);
        if (master.isEmpty()) {
            return Optional.empty();
        }
        List<String> texts = new ArrayList<>();
        for (String column : List.of("cluster", "zookeeper", "regions", "settings")) {
            texts.add(Statements.text(admin, "SELECT " + column + one).orElse(""));
        }
        long flags =
                Statements.numbers(admin, "SELECT sealed + 2 * closed" + one).get(0);
        Attempt attempt = new Attempt(
                texts.get(0), texts.get(1), master.get(), List.of(texts.get(2).split(",", -1)));
        return Optional.of(new AdoptionMark(attempt, parsed(texts.get(3)), (flags & 1) != 0, (flags & 2) != 0));
    }

    private static Map<String, String> parsed(String text) {
        Map<String, String> settings = new TreeMap<>();
        for (String pair : text.split(",", -1)) {
            int at = pair.indexOf('=');
            if (at > 0) {
                settings.put(pair.substring(0, at), pair.substring(at + 1));
            }
        }
        return settings;
    }

    private void write(Connection admin) throws SQLException {
        List<String> pairs = new ArrayList<>();
        settings.forEach((name, value) -> pairs.add(name + "=" + value));
        locally(admin, () -> {
            Statements.execute(
                    admin,
                    "CREATE TABLE IF NOT EXISTS " + TABLE
                            + " (id TINYINT NOT NULL, server_uuid CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,"
                            + " cluster TEXT NOT NULL, zookeeper TEXT NOT NULL, master TEXT NOT NULL, regions TEXT NOT NULL,"
                            + " settings TEXT NOT NULL, sealed TINYINT NOT NULL, closed TINYINT NOT NULL,"
                            + " at DATETIME(6) NOT NULL, PRIMARY KEY (id)) ENGINE = InnoDB"
                            + " COMMENT = 'regent 2: what a run of adopt did to this server, to be undone'");
            Statements.execute(
                    admin,
                    "REPLACE INTO " + TABLE
                            + " VALUES (1, @@global.server_uuid, ?, ?, ?, ?, ?, ?, FALSE, UTC_TIMESTAMP(6))",
                    attempt.cluster(),
                    attempt.zookeeper(),
                    attempt.master(),
                    String.join(",", attempt.regions()),
                    String.join(",", pairs),
                    sealed);
        });
    }

    /**
     * What puts the server back to as it was, its opening left out ({@link #OPENING}): for a session of an administrator, or
     * for somebody who must do it by hand..
     *
     * @param channels those that are to run again
     */
    public List<String> undoing(List<String> channels) {
        List<String> all = new ArrayList<>(List.of("SET SESSION sql_log_bin = 0, lock_wait_timeout = 10"));
        if (sealed) {
            all.add("SET GLOBAL super_read_only = OFF");
        }
        settings.forEach((name, value) -> all.add(
                value.isEmpty()
                        ? "RESET PERSIST IF EXISTS " + Quoting.identifier(name)
                        : "SET PERSIST_ONLY " + Quoting.identifier(name) + " = " + Quoting.string(value)));
        channels.forEach(channel -> all.add("START REPLICA FOR CHANNEL " + Quoting.string(channel)));
        all.add("DROP TABLE IF EXISTS " + TABLE);
        if (sealed) {
            all.add("SET GLOBAL super_read_only = ON");
        }
        return all;
    }

    /**
     * Undoes it, its opening left out.
     *
     * @throws SQLException if it could not, or if what is persisted is not what was
     */
    public void undo(Connection admin, List<String> channels) throws SQLException {
        for (String statement : undoing(channels)) {
            if (statement.startsWith("DROP")) {
                requireSettings(admin);
            }
            Statements.execute(admin, statement);
        }
    }

    private static Optional<String> persisted(Connection admin, String name) throws SQLException {
        return Statements.text(
                admin,
                "SELECT VARIABLE_VALUE FROM performance_schema.persisted_variables WHERE VARIABLE_NAME = ?",
                name);
    }

    private void requireSettings(Connection admin) throws SQLException {
        for (Map.Entry<String, String> setting : settings.entrySet()) {
            String now = persisted(admin, setting.getKey()).orElse("");
            if (!now.equalsIgnoreCase(setting.getValue())) {
                throw new SQLException("persisted " + setting.getKey() + " is '" + now + "' after it was set back to '"
                        + setting.getValue() + "'");
            }
        }
    }

    /**
     * Removes it: what was done stands for good.
     *
     * @return false if the server is SEALED: whoever belongs to a cluster is not unsealed for this
     */
    public static boolean removeUnlessSealed(Connection admin) throws SQLException {
        if (ServerState.read(admin).writeState() == WriteState.SEALED) {
            return false;
        }
        Statements.execute(admin, "SET SESSION sql_log_bin = 0, lock_wait_timeout = 10");
        Statements.execute(admin, "DROP TABLE IF EXISTS " + TABLE);
        return true;
    }

    private static boolean isThere(Connection admin) throws SQLException {
        return Statements.numbers(
                                admin,
                                "SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'regent_local'"
                                        + " AND TABLE_NAME = 'adoption'")
                        .get(0)
                == 1;
    }

    @FunctionalInterface
    private interface Work {
        void run() throws SQLException;
    }

    /** {@code super_read_only} is lifted for that; {@code read_only} stays. */
    private static void locally(Connection admin, Work work) throws SQLException {
        Statements.execute(admin, "SET SESSION sql_log_bin = 0, lock_wait_timeout = 10");
        boolean lift = ServerState.read(admin).writeState() == WriteState.SEALED;
        if (lift) {
            Statements.execute(admin, "SET GLOBAL super_read_only = OFF");
        }
        try {
            work.run();
        } finally {
            if (lift) {
                Statements.execute(admin, "SET GLOBAL super_read_only = ON");
            }
        }
    }
}
