package io.regent.replicator.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.regent.replicator.apply.ApplyException.Remedy;
import io.regent.replicator.lab.Region;
import io.regent.replicator.transaction.SourceTransaction;
import io.regent.sql.session.CommitNames;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Transactions whose changes and COMMIT travel together: each is there whole, or nothing of it, and never by half. */
class OnePacketIT extends ApplyFixture {
    private ExecutorService behind;
    private ApplySession session;

    @BeforeEach
    void open() throws SQLException {
        behind = Executors.newSingleThreadExecutor();
        session = ApplySession.open(aws1.apply());
    }

    @AfterEach
    void close() {
        session.close();
        behind.shutdownNow();
    }

    private void apply(SourceTransaction transaction) throws Exception {
        assertThat(session.apply(transaction, CommitGate.OPEN)).isTrue();
    }

    private void assertFails(SourceTransaction transaction, Remedy remedy, String... words) {
        assertThatThrownBy(() -> session.apply(transaction, CommitGate.OPEN))
                .isInstanceOfSatisfying(
                        ApplyException.class, e -> assertThat(e.remedy()).isEqualTo(remedy))
                .message()
                .contains(List.of(words));
    }

    private void quietly(String... statements) throws SQLException {
        for (String sql : statements) {
            aws1.execute("SET sql_log_bin=0", sql);
        }
    }

    private boolean isExecuted(SourceTransaction transaction) throws SQLException {
        return aws1.executed().contains(transaction.gtid());
    }

    @Test
    void rowsOfSeveralStatementsAndTablesAreThereWhole() throws Exception {
        SourceTransaction transaction = transaction(
                "BEGIN",
                "INSERT INTO app.t VALUES (1, 1), (2, 2)",
                "INSERT INTO app.u VALUES (1, 1)",
                "UPDATE app.t SET v=v+1",
                "COMMIT");
        apply(transaction);
        assertThat(isExecuted(transaction)).isTrue();
        assertThat(aws1.query("SELECT * FROM app.t")).containsExactly("1\t2", "2\t3");
        assertThat(aws1.query("SELECT * FROM app.u")).containsExactly("1\t1");
    }

    @Test
    void mysqlNamesWhatItCommittedByItselfAndNothingElse() throws Exception {
        SourceTransaction rows = transaction("INSERT INTO app.t VALUES (1, 1)");
        SourceTransaction empty = transaction("INSERT INTO app.t VALUES (2, 2)").emptied();
        try (Connection connection =
                        aws1.apply().multiStatements().raw().namingCommits().open();
                Statement statement = connection.createStatement()) {
            CommitNames names = CommitNames.of(connection);
            statement.execute(BinlogStatements.ofFormat(rows.format().event()));
            for (SourceTransaction transaction : List.of(rows, empty)) {
                String packet = PacketText.whole(transaction, new StatementPackets(1 << 20).of(transaction.steps()));
                statement.execute(packet);
                assertThat(names.takes(transaction.gtid())).isTrue();
                statement.execute(packet);
                assertThat(names.takes(transaction.gtid()))
                        .as("it was passed over")
                        .isFalse();
            }
        }
        assertThat(isExecuted(rows) && isExecuted(empty)).isTrue();
    }

    @Test
    void aKeyThatIsThereLeavesNothingOfTheStatementsBeforeIt() throws Exception {
        quietly("INSERT INTO app.u VALUES (7, 0)");
        SourceTransaction transaction = transaction(
                "BEGIN", "INSERT INTO app.t VALUES (1, 1)", "INSERT INTO app.u VALUES (6, 1), (7, 1)", "COMMIT");
        assertFails(
                transaction,
                Remedy.STOP,
                "error 1062",
                "the target refuses INSERT of app.u (id=7)",
                "'7'",
                "the target has a row");
        quietly("DELETE FROM app.u");
        assertAbsent(transaction);
        apply(transaction);
        assertThat(aws1.query("SELECT * FROM app.t")).containsExactly("1\t1");
        assertThat(aws1.query("SELECT * FROM app.u")).containsExactly("6\t1", "7\t1");
    }

    @Test
    void aRowThatIsMissingLeavesNothingAndTheSessionTakesTheNext() throws Exception {
        phx1.execute("SET sql_log_bin=0", "INSERT INTO app.u VALUES (7, 0)");
        SourceTransaction failing =
                transaction("BEGIN", "INSERT INTO app.t VALUES (1, 1)", "UPDATE app.u SET v=1", "COMMIT");
        SourceTransaction next = transaction("INSERT INTO app.t VALUES (9, 9)");
        assertFails(failing, Remedy.STOP, "error 1032", "refuses UPDATE of app.u (id=7)", "the target lacks a row");
        assertAbsent(failing);
        apply(next);
        assertThat(aws1.query("SELECT * FROM app.t")).containsExactly("9\t9");
        assertThat(isExecuted(failing)).isFalse();
    }

    @Test
    void aSessionKilledInTheMiddleLeavesNothingAndAnotherTakesOver() throws Exception {
        SourceTransaction transaction = blocked("KILL ", Remedy.RECONNECT);
        assertThat(session.isOpen()).isFalse();
        session = ApplySession.open(aws1.apply());
        apply(transaction);
        assertThat(aws1.query("SELECT * FROM app.t")).containsExactly("1\t1");
    }

    @Test
    void aStatementKilledInTheMiddleLeavesNothingAndIsTriedAgain() throws Exception {
        SourceTransaction transaction = blocked("KILL QUERY ", Remedy.RETRY);
        apply(transaction);
        assertThat(aws1.query("SELECT * FROM app.t")).containsExactly("1\t1");
    }

    /** A transaction whose first row is in and whose second waits for a client's lock when its session is killed. */
    private SourceTransaction blocked(String kill, Remedy remedy) throws Exception {
        SourceTransaction transaction =
                transaction("BEGIN", "INSERT INTO app.t VALUES (1, 1)", "INSERT INTO app.u VALUES (5, 5)", "COMMIT");
        try (Connection client = aws1.open();
                Statement statement = client.createStatement()) {
            statement.execute("BEGIN");
            statement.execute("INSERT INTO app.u VALUES (5, 0)");
            Future<?> failing = behind.submit(() -> assertFails(transaction, remedy, "error"));
            await().atMost(Duration.ofSeconds(4)).until(() -> !waiting().isEmpty());
            aws1.execute(kill + waiting().get(0));
            failing.get(10, TimeUnit.SECONDS);
            statement.execute("ROLLBACK");
        }
        await().untilAsserted(() -> assertAbsent(transaction));
        return transaction;
    }

    private List<String> waiting() throws SQLException {
        return aws1.query("SELECT trx_mysql_thread_id FROM information_schema.innodb_trx WHERE trx_state='LOCK WAIT'");
    }

    @Test
    void whatIsExecutedAlreadyIsPassedOverAndTheNextIsNot() throws Exception {
        SourceTransaction first = transaction("INSERT INTO app.t VALUES (1, 1)");
        SourceTransaction second = transaction("INSERT INTO app.t VALUES (2, 2)");
        aws1.execute("SET gtid_next='" + first.gtid() + "'", "INSERT INTO app.t VALUES (1, 77)");
        apply(first);
        apply(second);
        apply(first);
        apply(first.emptied());
        assertThat(isExecuted(second)).isTrue();
        assertThat(aws1.query("SELECT * FROM app.t")).containsExactly("1\t77", "2\t2");
    }

    @Test
    void whoeverHasTheGtidIsWaitedForAndWhatBecomesOfItIsSeen() throws Exception {
        SourceTransaction undone = transaction("INSERT INTO app.t VALUES (1, 1)");
        whileAnotherHas(undone, "ROLLBACK");
        SourceTransaction done = transaction("INSERT INTO app.t VALUES (2, 2)");
        whileAnotherHas(done, "COMMIT");
        assertThat(isExecuted(undone) && isExecuted(done)).isTrue();
        assertThat(aws1.query("SELECT * FROM app.t")).containsExactly("1\t1");
        assertThat(aws1.query("SELECT * FROM app.u")).containsExactly("8\t8");
    }

    private void whileAnotherHas(SourceTransaction transaction, String end) throws Exception {
        try (Connection client = aws1.open();
                Statement statement = client.createStatement()) {
            statement.execute("SET gtid_next='" + transaction.gtid() + "'");
            statement.execute("BEGIN");
            statement.execute("INSERT INTO app.u VALUES (8, 8)");
            Future<Boolean> applied = behind.submit(() -> session.apply(transaction, CommitGate.OPEN));
            await().until(() -> !aws1.query(
                            "SELECT id FROM information_schema.processlist WHERE info LIKE 'SET gtid_next=%'")
                    .isEmpty());
            assertThat(applied.isDone()).isFalse();
            statement.execute(end);
            assertThat(applied.get(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void rowsThatChangeNothingAtTheTargetCommitTheirGtidAllTheSame() throws Exception {
        for (Region region : List.of(phx1, aws1)) {
            region.execute("SET sql_log_bin=0", "INSERT INTO app.t VALUES (1, 1)");
        }
        SourceTransaction update = transaction("UPDATE app.t SET v=2");
        SourceTransaction next = transaction("UPDATE app.t SET v=3");
        quietly("UPDATE app.t SET v=2");
        apply(update);
        assertThat(isExecuted(update)).isTrue();
        apply(next);
        assertThat(aws1.query("SELECT * FROM app.t")).containsExactly("1\t3");
    }

    @Test
    void whatHoldsNothingCommitsItsGtidOnce() throws Exception {
        SourceTransaction empty = transaction("INSERT INTO app.t VALUES (1, 1)").emptied();
        apply(empty);
        assertThat(isExecuted(empty)).isTrue();
        apply(empty);
        assertAbsentRows();
    }

    private void assertAbsentRows() throws SQLException {
        assertThat(aws1.query("SELECT id FROM app.t UNION ALL SELECT id FROM app.u"))
                .isEmpty();
    }

    @Test
    void aSealedTargetRefusesItAndTakesItLater() throws Exception {
        SourceTransaction transaction = transaction("INSERT INTO app.t VALUES (1, 1)");
        aws1.execute("SET GLOBAL super_read_only=ON");
        try {
            assertFails(transaction, Remedy.RETRY_SOON, "1290");
            assertAbsent(transaction);
        } finally {
            aws1.execute("SET GLOBAL super_read_only=OFF");
        }
        apply(transaction);
        aws1.execute("SET GLOBAL read_only=OFF");
        assertThat(aws1.query("SELECT * FROM app.t")).containsExactly("1\t1");
    }

    @Test
    void aDeadlockLeavesNothingAndIsTriedAgain() throws Exception {
        for (Region region : List.of(phx1, aws1)) {
            region.execute("SET sql_log_bin=0", "INSERT INTO app.t VALUES (1, 1)", "INSERT INTO app.u VALUES (1, 1)");
        }
        SourceTransaction transaction = transaction("BEGIN", "UPDATE app.t SET v=2", "UPDATE app.u SET v=2", "COMMIT");
        try (Connection client = aws1.open();
                Statement statement = client.createStatement()) {
            statement.execute("BEGIN");
            statement.execute("INSERT INTO app.u VALUES (11,1),(12,1),(13,1),(14,1),(15,1),(16,1),(17,1),(18,1)");
            statement.execute("UPDATE app.u SET v=9 WHERE id=1");
            Future<?> failing = behind.submit(() -> assertFails(transaction, Remedy.RETRY, "1213"));
            await().atMost(Duration.ofSeconds(4)).until(() -> !waiting().isEmpty());
            statement.execute("UPDATE app.t SET v=9 WHERE id=1"); // the lighter one is the victim
            failing.get(10, TimeUnit.SECONDS);
            statement.execute("ROLLBACK");
        }
        assertThat(isExecuted(transaction)).isFalse();
        apply(transaction);
        assertThat(aws1.query("SELECT * FROM app.t UNION ALL SELECT * FROM app.u"))
                .containsExactly("1\t2", "1\t2");
    }

    @Test
    void definitionsAndLargerOnesBetweenThemLeaveTheSessionAsItWas() throws Exception {
        SourceTransaction before = transaction("INSERT INTO app.t VALUES (1, 1)");
        SourceTransaction definition = transaction("CREATE TABLE app.w (id INT PRIMARY KEY)");
        SourceTransaction apart = transaction(
                "BEGIN",
                "SET foreign_key_checks=0",
                "INSERT INTO app.t VALUES (2, 2)",
                "SET foreign_key_checks=1",
                "INSERT INTO app.t VALUES (3, 3)",
                "COMMIT");
        SourceTransaction after = transaction("INSERT INTO app.w VALUES (1)");
        for (SourceTransaction transaction : List.of(before, definition, apart, after)) {
            apply(transaction);
            assertThat(isExecuted(transaction)).isTrue();
        }
        assertThat(aws1.query("SELECT id FROM app.t UNION ALL SELECT id FROM app.w"))
                .containsExactly("1", "2", "3", "1");
    }
}
