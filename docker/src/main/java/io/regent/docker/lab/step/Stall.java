package io.regent.docker.lab.step;

import io.regent.docker.lab.fault.Lasting;
import io.regent.docker.lab.fleet.Disk;
import io.regent.docker.lab.fleet.FleetException;
import io.regent.docker.lab.fleet.Node;
import io.regent.docker.lab.step.Findings.Sight;
import io.regent.sql.session.Statements;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/** What keeps the commits of a server from getting through. */
enum Stall {
    /** Every commit is made to wait for a replica that there is not. */
    GONE_REPLICA("every commit waits for a replica that is gone", Sight.CLEAR) {
        @Override
        Lasting begin(Node node) throws SQLException {
            try (Connection admin = node.mysql().sessions().open()) {
                prepare(admin);
                execute(admin, "SET GLOBAL rpl_semi_sync_source_enabled = ON");
            }
            return () -> letGo(node);
        }
    },
    /** There is no room left on its disk. */
    FULL_DISK("its disk is full", Sight.CLEAR) {
        @Override
        Lasting begin(Node node) {
            Disk disk = disk(node);
            disk.fill();
            return disk::makeRoom;
        }
    },
    /** Its disk fails, and its file system is read-only from then on. */
    BROKEN_DISK("its disk fails, its file system is read-only", Sight.NONE) {
        @Override
        Lasting begin(Node node) {
            Disk disk = disk(node);
            disk.fail();
            return () -> {
                // Nobody repairs a file system that is in use.
                node.mysql().kill();
                disk.repair();
                node.mysql().start();
            };
        }
    };

    private final String title;
    private final Sight sight;

    Stall(String title, Sight sight) {
        this.title = title;
        this.sight = sight;
    }

    /** In a few words. */
    String title() {
        return title;
    }

    /** What {@code dbctl status} calls it before the master gives up; empty if that may be too soon to be seen. */
    Optional<String> failure() {
        return this == BROKEN_DISK ? Optional.empty() : Optional.of("MasterStalled");
    }

    /** Whether it can still be looked at. */
    Sight sight() {
        return sight;
    }

    /** Does it; what is returned takes it back. */
    abstract Lasting begin(Node node) throws SQLException;

    private static Disk disk(Node node) {
        return node.disk()
                .orElseThrow(() -> new FleetException("the server of " + node.name() + " has no disk of its own"));
    }

    private static void prepare(Connection admin) throws SQLException {
        boolean there = Statements.text(
                        admin,
                        "SELECT PLUGIN_NAME FROM information_schema.PLUGINS WHERE PLUGIN_NAME = 'rpl_semi_sync_source'")
                .isPresent();
        if (!there) {
            execute(admin, "INSTALL PLUGIN rpl_semi_sync_source SONAME 'semisync_source.so'");
        }
        execute(admin, "SET GLOBAL rpl_semi_sync_source_timeout = 3600000");
    }

    private static void letGo(Node node) {
        if (!node.mysql().isAlive()) {
            return;
        }
        try (Connection admin = node.mysql().sessions().open()) {
            execute(admin, "SET GLOBAL rpl_semi_sync_source_enabled = OFF");
        } catch (SQLException e) {
            throw new FleetException("the commits of " + node.name() + " go on waiting: " + e.getMessage(), e);
        }
    }

    private static void execute(Connection admin, String sql) throws SQLException {
        try (Statement statement = admin.createStatement()) {
            statement.execute(sql);
        }
    }
}
