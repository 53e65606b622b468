package io.regent.replicator.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.replicator.lab.Links;
import io.regent.replicator.order.CommitOrder;
import io.regent.sql.gtid.GtidSet;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A link stops by name where it must, in time whatever it waits for, and goes on right afterwards. */
class LinkStopsIT extends PairOfRegions {
    @Test
    void aColumnSwapAtTheTargetStopsTheLinkBeforeARowIsApplied() throws SQLException {
        phx1.execute("CREATE TABLE app.t (id INT PRIMARY KEY, a INT, b INT)", "INSERT INTO app.t VALUES (1, 10, 20)");
        await();
        link.close();
        aws1.execute("SET sql_log_bin=0", "ALTER TABLE app.t MODIFY a INT AFTER b");
        link = Links.start(phx1, aws1);
        phx1.execute("INSERT INTO app.t VALUES (2, 100, 200)");
        LinkStatus failed = Links.awaitState(link, LinkStatus.State.FAILED);
        assertThat(failed.detail())
                .contains("app.t")
                .contains("column 2 is `a` int at the source, `b` int at the target")
                .contains(phx1.uuid().toString());
        assertThat(aws1.query("SELECT id FROM app.t")).containsExactly("1");
        assertThat(aws1.executed().contains(phx1.executed())).isFalse();

        aws1.execute("SET sql_log_bin=0", "ALTER TABLE app.t MODIFY a INT AFTER id");
        link.close();
        link = Links.start(phx1, aws1);
        assertEqual();
    }

    /** Its account may take the one beyond the limit, without which nobody could open or close the server. */
    @Test
    void theLastConnectionOfItsSourceIsNotTaken() throws SQLException {
        link.close();
        try (Connection kept = phx1.open();
                Statement statement = kept.createStatement()) {
            String connected = "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE USER LIKE 'regent_capture%'";
            Awaitility.await().until(() -> phx1.value(connected).equals("0"));
            statement.execute("SET GLOBAL max_connections=1");
            try {
                link = Links.start(phx1, aws1);
                Awaitility.await().until(() -> link.status().detail().contains("no connection to spare"));
                assertThat(link.status().state()).isEqualTo(LinkStatus.State.CONNECTING);
            } finally {
                statement.execute("SET GLOBAL max_connections=151");
            }
        }
        phx1.execute("CREATE TABLE app.t (id INT PRIMARY KEY)");
        assertEqual();
    }

    @ParameterizedTest
    @EnumSource
    void aRowThatIsMissingAtTheTargetStopsTheLinkWithItsTable(CommitOrder order) throws SQLException {
        startLink(order);
        phx1.execute("CREATE TABLE app.t (id INT PRIMARY KEY, a INT)", "INSERT INTO app.t VALUES (1, 10)");
        await();
        aws1.execute("SET sql_log_bin=0", "DELETE FROM app.t");
        phx1.execute("UPDATE app.t SET a=11", "CREATE TABLE app.later (id INT PRIMARY KEY)");
        LinkStatus failed = Links.awaitState(link, LinkStatus.State.FAILED);
        assertThat(failed.detail()).contains("app.t").contains("1032");
        assertThat(aws1.query("SHOW TABLES IN app")).as("nothing behind it").containsExactly("t");
        aws1.execute("SET sql_log_bin=0", "INSERT INTO app.t VALUES (1, 10)");
        link.close();
        link = Links.start(phx1, aws1);
        assertEqual();
    }

    @Test
    void aTestFindsACleanPairThoughTheOneBeforeFailedHalfWay() throws SQLException {
        phx1.execute("CREATE TABLE app.t (id INT PRIMARY KEY, a INT)", "INSERT INTO app.t VALUES (1, 10)");
        await();
        aws1.execute("SET sql_log_bin=0", "DELETE FROM app.t");
        phx1.execute("UPDATE app.t SET a=11");
        Links.awaitState(link, LinkStatus.State.FAILED);
        aws1.execute("SET GLOBAL super_read_only=ON");
        stopLink();
        startLink();
        phx1.execute("CREATE TABLE app.t (id INT PRIMARY KEY)", "INSERT INTO app.t VALUES (1)");
        assertEqual();
    }

    @Test
    void statementFormatStopsTheLinkByName() throws SQLException {
        phx1.execute("CREATE TABLE app.t (id INT PRIMARY KEY)");
        await();
        phx1.execute("SET SESSION binlog_format=STATEMENT", "INSERT INTO app.t VALUES (1)");
        assertThat(Links.awaitState(link, LinkStatus.State.FAILED).detail()).contains("binlog_format=ROW");
        String poisoned = phx1.executed().subtract(aws1.executed()).toString();
        aws1.execute("SET gtid_next='" + poisoned + "'", "INSERT INTO app.t VALUES (1)", "SET gtid_next=AUTOMATIC");
        link.close();
        link = Links.start(phx1, aws1);
        assertEqual();
    }

    @Test
    void aPurgedBinlogStopsTheLinkAndSaysWhatIsMissing() throws SQLException {
        link.close();
        phx1.execute("CREATE TABLE app.t (id INT PRIMARY KEY)", "INSERT INTO app.t VALUES (1)");
        String missing = phx1.executed().subtract(aws1.executed()).toString();
        phx1.execute("FLUSH BINARY LOGS", "FLUSH BINARY LOGS");
        phx1.execute("PURGE BINARY LOGS BEFORE NOW() + INTERVAL 1 DAY");
        link = Links.start(phx1, aws1);
        LinkStatus failed = Links.awaitState(link, LinkStatus.State.FAILED);
        assertThat(failed.detail()).contains("purged binlogs").contains(missing);
        aws1.execute("CREATE TABLE app.t (id INT PRIMARY KEY)", "INSERT INTO app.t VALUES (1)");
        aws1.execute("RESET MASTER", "SET GLOBAL gtid_purged='" + phx1.executed() + "'");
        link.close();
        link = Links.start(phx1, aws1);
        phx1.execute("INSERT INTO app.t VALUES (2)");
        assertEqual();
    }

    /** A crash with {@code sync_binlog=0}: InnoDB has what it committed, and MySQL takes it for purged. */
    @Test
    void whatASourcesBinlogLostInACrashIsNamedAndItsNumberIsNotGivenOutAgain() throws SQLException, IOException {
        phx1.execute("CREATE TABLE app.t (id INT PRIMARY KEY)", "INSERT INTO app.t VALUES (1)");
        await();
        link.close();
        String name = phx1.value("SELECT local->>'$.binary_log_file' FROM performance_schema.log_status");
        Path binlog = phx1.server().dataDirectory().resolve(name);
        long kept = Files.size(binlog);
        // As if it had happened a second ago: what InnoDB has not on disk it would take back, having lost it in the
        // binlog.
        phx1.execute("INSERT INTO app.t VALUES (2)", "FLUSH NO_WRITE_TO_BINLOG ENGINE LOGS");
        GtidSet lost = phx1.executed().subtract(aws1.executed());
        phx1.server().kill();
        try (FileChannel file = FileChannel.open(binlog, StandardOpenOption.WRITE)) {
            assertThat(file.size()).isGreaterThan(kept);
            file.truncate(kept);
        }
        phx1.server().start();
        phx1.execute("SET GLOBAL super_read_only=OFF", "SET GLOBAL read_only=OFF", "INSERT INTO app.t VALUES (3)");
        assertThat(phx1.query("SELECT id FROM app.t")).containsExactly("1", "2", "3");
        assertThat(phx1.executed().subtract(aws1.executed()).subtract(lost).count())
                .as("the next one has a number of its own")
                .isEqualTo(1);
        link = Links.start(phx1, aws1);
        LinkStatus failed = Links.awaitState(link, LinkStatus.State.FAILED);
        assertThat(failed.detail()).contains("purged binlogs that aws1 needs: " + lost);
        assertThat(aws1.query("SELECT id FROM app.t"))
                .as("nothing behind it either")
                .containsExactly("1");
    }

    @Test
    void aSuspendedSourceIsNoticedAndTheLinkGoesOnWhenItWakes() throws SQLException {
        phx1.execute("CREATE TABLE app.t (id INT PRIMARY KEY)");
        await();
        phx1.server().suspend();
        try {
            assertThat(Links.awaitState(link, LinkStatus.State.CONNECTING).detail())
                    .contains("phx1");
        } finally {
            phx1.server().resume();
        }
        phx1.execute("INSERT INTO app.t VALUES (1)");
        assertEqual();
    }

    @Test
    void aLinkStopsInTimeThoughADefinitionAndItsQueueAreBlocked() throws SQLException {
        phx1.execute("CREATE TABLE app.t (id INT PRIMARY KEY)", "INSERT INTO app.t VALUES (1)");
        await();
        try (Connection reader = aws1.open();
                Statement statement = reader.createStatement()) {
            statement.execute("BEGIN");
            statement.execute("SELECT * FROM app.t");
            phx1.execute("ALTER TABLE app.t ADD v INT");
            for (int i = 2; i < 60; i++) {
                phx1.execute("INSERT INTO app.t VALUES (" + i + "," + i + ")");
            }
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> aws1.query("SELECT id FROM information_schema.processlist WHERE state LIKE"
                                            + " 'Waiting for table metadata lock'")
                                    .size()
                            == 1);
            long before = System.nanoTime();
            link.close();
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
            assertThat(link.status().state()).isEqualTo(LinkStatus.State.STOPPED);
        }
        link = Links.start(phx1, aws1);
        assertEqual();
    }

    @Test
    void aLinkStopsInTimeThoughTheTargetIsSealed() throws SQLException {
        phx1.execute("CREATE TABLE app.t (id INT PRIMARY KEY)");
        await();
        aws1.execute("SET GLOBAL super_read_only=ON");
        for (int i = 0; i < 60; i++) {
            phx1.execute("INSERT INTO app.t VALUES (" + i + ")");
        }
        assertThat(Links.awaitState(link, LinkStatus.State.RETRYING).detail()).contains("1290");
        long before = System.nanoTime();
        link.close();
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
        aws1.execute("SET GLOBAL super_read_only=OFF", "SET GLOBAL read_only=OFF");
        link = Links.start(phx1, aws1);
        assertEqual();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE EVENT app.e ON SCHEDULE EVERY 1 SECOND DO SELECT 1",
                "CREATE DEFINER = 'root'@'localhost' EVENT app.e ON SCHEDULE EVERY 1 SECOND DO SELECT 1"
            })
    void anEventStopsTheLinkByNameAndCanBePassedByHand(String create) throws SQLException {
        phx1.execute(create);
        LinkStatus failed = Links.awaitState(link, LinkStatus.State.FAILED);
        assertThat(failed.detail()).contains("makes or drops an event", "SET gtid_next=");
        assertThat(aws1.query("SELECT event_name FROM information_schema.events WHERE event_schema='app'"))
                .isEmpty();
        passByHand();
        aws1.execute("SET sql_log_bin=0", "CREATE EVENT app.e ON SCHEDULE EVERY 1 DAY DO SELECT 1");
        phx1.execute("DROP EVENT app.e");
        assertThat(Links.awaitState(link, LinkStatus.State.FAILED).detail()).contains("DROP EVENT app.e");
        passByHand();
        assertThat(aws1.query("SELECT event_name FROM information_schema.events WHERE event_schema='app'"))
                .as("made by hand, to be dropped by hand")
                .containsExactly("e");
        assertEqual();
    }

    /** What the link's message says. */
    private void passByHand() throws SQLException {
        String gtid = phx1.executed().subtract(aws1.executed()).toString();
        aws1.execute("SET gtid_next='" + gtid + "'", "BEGIN", "COMMIT", "SET gtid_next=AUTOMATIC");
        link.close();
        link = Links.start(phx1, aws1);
    }

    @Test
    void whatBelongsToOneMachineStopsTheLinkByNameAndCanBePassedByHand() throws SQLException {
        phx1.execute("CREATE TABLESPACE ts ADD DATAFILE 'ts.ibd'");
        LinkStatus failed = Links.awaitState(link, LinkStatus.State.FAILED);
        assertThat(failed.detail()).contains("files, hosts", "CREATE TABLESPACE ts", "SET gtid_next=");
        passByHand();
        phx1.execute("CREATE TABLE app.t (id INT PRIMARY KEY)");
        assertEqual();
    }

    /** As init and preflight say of XA. */
    @ParameterizedTest
    @ValueSource(strings = {"XA PREPARE 'x'", "XA COMMIT 'x' ONE PHASE"})
    void anXaTransactionStopsTheLinkByNameWhenItIsPreparedOrCommittedInOnePhase(String end) throws SQLException {
        phx1.execute(
                "CREATE TABLE app.t (id INT PRIMARY KEY)",
                "XA START 'x'",
                "INSERT INTO app.t VALUES (1)",
                "XA END 'x'",
                "XA ROLLBACK 'x'");
        assertEqual();
        phx1.execute("XA START 'x'", "INSERT INTO app.t VALUES (2)", "XA END 'x'", end);
        try {
            assertThat(Links.awaitState(link, LinkStatus.State.FAILED).detail()).contains("is an XA transaction");
            assertThat(aws1.query("SELECT id FROM app.t")).isEmpty();
        } finally {
            if (end.startsWith("XA PREPARE")) {
                phx1.execute("XA COMMIT 'x'");
            }
        }
    }

    @Test
    void aLinkStopsInTimeThoughTheTargetIsFrozen() throws SQLException {
        phx1.execute("CREATE TABLE app.t (id INT PRIMARY KEY)");
        await();
        aws1.server().suspend();
        try {
            for (int i = 0; i < 60; i++) {
                phx1.execute("INSERT INTO app.t VALUES (" + i + ")");
            }
            long before = System.nanoTime();
            link.close();
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(40));
        } finally {
            aws1.server().resume();
        }
        link = Links.start(phx1, aws1);
        assertEqual();
    }

    @Test
    void rowsOfATableWithoutTransactionsStopTheLinkBeforeOneIsApplied() throws SQLException {
        phx1.execute("CREATE TABLE app.m (id INT PRIMARY KEY) ENGINE=MyISAM", "INSERT INTO app.m VALUES (1)");
        assertThat(Links.awaitState(link, LinkStatus.State.FAILED).detail()).contains("app.m", "MyISAM", "InnoDB");
        assertThat(aws1.query("SELECT * FROM app.m")).isEmpty();
        aws1.execute("SET sql_log_bin=0", "ALTER TABLE app.m ENGINE=InnoDB");
        phx1.execute("SET sql_log_bin=0", "ALTER TABLE app.m ENGINE=InnoDB");
        link.close();
        link = Links.start(phx1, aws1);
        assertEqual();
    }
}
