package io.regent.replicator.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.regent.replicator.capture.Capture;
import io.regent.replicator.capture.CaptureException;
import io.regent.replicator.capture.CaptureSettings;
import io.regent.replicator.capture.EventSink;
import io.regent.replicator.lab.Region;
import io.regent.replicator.transaction.BinlogEvent;
import io.regent.replicator.transaction.EventType;
import io.regent.replicator.transaction.MalformedEventException;
import io.regent.replicator.transaction.RowsEvents;
import io.regent.replicator.transaction.SourceTransaction;
import io.regent.replicator.transaction.TransactionAssembler;
import io.regent.sql.gtid.GtidSet;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Faults planted into one transaction: nothing of it stays at the target, its GTID neither. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApplySessionIT {
    private Region phx1;
    private Region aws1;

    @BeforeAll
    void startRegions(@TempDir Path directory) throws SQLException {
        phx1 = Region.start("phx1", directory);
        aws1 = Region.start("aws1", directory);
    }

    @AfterAll
    void stopRegions() {
        phx1.close();
        aws1.close();
    }

    @BeforeEach
    void makeTables() throws SQLException {
        for (Region region : List.of(phx1, aws1)) {
            region.execute(
                    "SET sql_log_bin=0",
                    "DROP DATABASE IF EXISTS app",
                    "CREATE DATABASE app",
                    "CREATE TABLE app.t (id INT PRIMARY KEY, v INT)",
                    "CREATE TABLE app.u (id INT PRIMARY KEY, v INT)");
        }
    }

    /** The events of what the source commits by these statements. */
    private List<BinlogEvent> events(String... statements) throws Exception {
        GtidSet before = phx1.executed();
        phx1.execute(statements);
        GtidSet after = phx1.executed();
        BlockingQueue<BinlogEvent> arrived = new LinkedBlockingQueue<>();
        List<BinlogEvent> events = new ArrayList<>();
        CaptureSettings settings = new CaptureSettings(
                "test", phx1.capture(), 4711, Duration.ofSeconds(1), Duration.ofSeconds(5), 1 << 20);
        List<SourceTransaction> whole = new ArrayList<>();
        TransactionAssembler assembler = new TransactionAssembler(gtid -> true, whole::add);
        try (Capture capture = Capture.start(settings, before, new Collecting(arrived))) {
            assertThat(capture).isNotNull();
            while (whole.size() < after.count() - before.count()) {
                BinlogEvent event = arrived.poll(20, TimeUnit.SECONDS);
                assertThat(event).as("an event within 20 s").isNotNull();
                assembler.accept(event);
                events.add(event);
            }
        }
        return events;
    }

    private record Collecting(BlockingQueue<BinlogEvent> arrived) implements EventSink {
        @Override
        public void accept(List<BinlogEvent> events) {
            arrived.addAll(events);
        }

        @Override
        public void ended(CaptureException end) {}
    }

    private static SourceTransaction assembled(Stream<BinlogEvent> events) {
        List<SourceTransaction> whole = new ArrayList<>();
        TransactionAssembler assembler = new TransactionAssembler(gtid -> true, whole::add);
        events.forEach(assembler::accept);
        assertThat(whole).hasSize(1);
        return whole.get(0);
    }

    private SourceTransaction transaction(String... statements) throws Exception {
        return assembled(events(statements).stream());
    }

    private void assertAbsent(SourceTransaction transaction) throws SQLException {
        assertThat(aws1.executed().contains(transaction.gtid())).as("GTID").isFalse();
        assertThat(aws1.query("SELECT id FROM app.t UNION ALL SELECT id FROM app.u"))
                .as("rows")
                .isEmpty();
        assertThat(aws1.query("SELECT trx_id FROM information_schema.innodb_trx"))
                .as("open transactions")
                .isEmpty();
    }

    @Test
    void aFailingBinlogIsRolledBackAndItsGtidStaysFree() throws Exception {
        SourceTransaction transaction =
                transaction("BEGIN", "INSERT INTO app.t VALUES (1, 1)", "INSERT INTO app.u VALUES (1, 1)", "COMMIT");
        aws1.execute("SET sql_log_bin=0", "DROP TABLE app.u");
        try (ApplySession session = ApplySession.open(aws1.apply())) {
            assertThatThrownBy(() -> session.apply(transaction, CommitGate.OPEN))
                    .isInstanceOfSatisfying(
                            ApplyException.class, e -> assertThat(e.remedy()).isEqualTo(ApplyException.Remedy.STOP))
                    .hasMessageContaining("1146")
                    .hasMessageContaining("app.u");
            aws1.execute("SET sql_log_bin=0", "CREATE TABLE app.u (id INT PRIMARY KEY, v INT)");
            assertAbsent(transaction);

            assertThat(session.apply(transaction, CommitGate.OPEN))
                    .as("the session is still good")
                    .isTrue();
        }
        assertThat(aws1.executed().contains(transaction.gtid())).isTrue();
        assertThat(aws1.query("SELECT * FROM app.u")).containsExactly("1\t1");
    }

    @Test
    void aMissingTableMapIsRefusedBeforeTheTargetSeesIt() throws Exception {
        List<BinlogEvent> events = events("INSERT INTO app.t VALUES (1, 1)");
        assertThatThrownBy(() -> assembled(events.stream().filter(event -> event.type() != EventType.TABLE_MAP)))
                .isInstanceOf(MalformedEventException.class);
        assertAbsent(assembled(events.stream()));
    }

    @Test
    void aMissingEndOfStatementIsRefusedBeforeTheTargetSeesIt() throws Exception {
        List<BinlogEvent> events = events("INSERT INTO app.t VALUES (1, 1)");
        assertThatThrownBy(() -> assembled(events.stream()
                        .map(event ->
                                EventType.isRows(event.type()) ? RowsEvents.withStatementEnd(event, false) : event)))
                .isInstanceOf(MalformedEventException.class);
        assertAbsent(assembled(events.stream()));
        assertThat(aws1.server().isAlive()).isTrue();
    }

    @Test
    void whatTheGateHoldsBackLeavesNothing() throws Exception {
        SourceTransaction transaction = transaction("INSERT INTO app.t VALUES (1, 1)");
        try (ApplySession session = ApplySession.open(aws1.apply())) {
            assertThat(session.apply(transaction, () -> false)).isFalse();
            assertAbsent(transaction);
            assertThat(session.apply(transaction, CommitGate.OPEN)).isTrue();
        }
    }

    @Test
    void theSameTransactionAppliedTwiceStaysOnce() throws Exception {
        SourceTransaction transaction = transaction("INSERT INTO app.t VALUES (1, 1)");
        try (ApplySession session = ApplySession.open(aws1.apply())) {
            assertThat(session.apply(transaction, CommitGate.OPEN)).isTrue();
            assertThat(session.apply(transaction, CommitGate.OPEN)).isTrue();
        }
        assertThat(aws1.query("SELECT * FROM app.t")).containsExactly("1\t1");
    }

    @Test
    void aSealedTargetRefusesTheCommitAndNothingStays() throws Exception {
        SourceTransaction transaction = transaction("INSERT INTO app.t VALUES (1, 1)");
        try (ApplySession session = ApplySession.open(aws1.apply())) {
            CommitGate sealing = () -> {
                try {
                    aws1.execute("SET GLOBAL super_read_only=ON");
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
                return true;
            };
            assertThatThrownBy(() -> session.apply(transaction, sealing))
                    .isInstanceOfSatisfying(
                            ApplyException.class, e -> assertThat(e.remedy()).isEqualTo(ApplyException.Remedy.RETRY))
                    .hasMessageContaining("1290");
            assertAbsent(transaction);
            aws1.execute("SET GLOBAL super_read_only=OFF", "SET GLOBAL read_only=ON");
            assertThat(session.apply(transaction, CommitGate.OPEN))
                    .as("STANDBY takes it")
                    .isTrue();
            aws1.execute("SET GLOBAL read_only=OFF");
        }
    }

    @Test
    void anEmptyCommitThatDoesNotOwnItsGtidIsNoCommit() throws Exception {
        SourceTransaction empty = transaction("INSERT INTO app.t VALUES (1, 1)").emptied();
        try (ApplySession session = ApplySession.open(aws1.apply())) {
            assertThat(session.apply(empty, CommitGate.OPEN)).isTrue();
            // Executed when gtid_next names it, so not owned; gone when its COMMIT is sent, which answers OK.
            CommitGate forgetting = () -> {
                try {
                    aws1.execute("RESET MASTER");
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
                return true;
            };
            assertThatThrownBy(() -> session.apply(empty, forgetting))
                    .isInstanceOfSatisfying(
                            ApplyException.class, e -> assertThat(e.remedy()).isEqualTo(ApplyException.Remedy.RETRY))
                    .hasMessageContaining("neither owned");
            assertThat(session.apply(empty, CommitGate.OPEN)).isTrue();
        }
        assertThat(aws1.executed().contains(empty.gtid())).isTrue();
        assertThat(aws1.query("SELECT * FROM app.t")).isEmpty();
    }

    @Test
    void anEmptyCommitLeavesWhatAnotherSessionCommittedMeanwhile() throws Exception {
        SourceTransaction rows = transaction("INSERT INTO app.t VALUES (1, 1)");
        ExecutorService behind = Executors.newSingleThreadExecutor();
        try (ApplySession first = ApplySession.open(aws1.apply());
                ApplySession second = ApplySession.open(aws1.apply())) {
            List<Future<Boolean>> emptied = new ArrayList<>();
            CommitGate whileSecondWaits = () -> {
                emptied.add(behind.submit(() -> second.apply(rows.emptied(), CommitGate.OPEN)));
                await().until(() -> !aws1.query(
                                "SELECT id FROM information_schema.processlist WHERE info LIKE" + " 'SET gtid_next=%'")
                        .isEmpty());
                return true;
            };
            assertThat(first.apply(rows, whileSecondWaits)).isTrue();
            assertThat(emptied.get(0).get(10, TimeUnit.SECONDS)).isTrue();
        } finally {
            behind.shutdownNow();
        }
        assertThat(aws1.query("SELECT * FROM app.t")).containsExactly("1\t1");
    }

    @Test
    void aLockedRowIsTriedAgain() throws Exception {
        SourceTransaction insert = transaction("INSERT INTO app.t VALUES (1, 1)");
        SourceTransaction update = transaction("UPDATE app.t SET v=2");
        try (ApplySession session = ApplySession.open(aws1.apply());
                Connection client = aws1.open();
                Statement statement = client.createStatement()) {
            assertThat(session.apply(insert, CommitGate.OPEN)).isTrue();
            statement.execute("BEGIN");
            statement.execute("SELECT * FROM app.t FOR UPDATE");
            assertThatThrownBy(() -> session.apply(update, CommitGate.OPEN))
                    .isInstanceOfSatisfying(
                            ApplyException.class, e -> assertThat(e.remedy()).isEqualTo(ApplyException.Remedy.RETRY));
            assertThat(aws1.executed().contains(update.gtid())).isFalse();
            statement.execute("ROLLBACK");
            assertThat(session.apply(update, CommitGate.OPEN)).isTrue();
        }
    }

    @Test
    void aKilledSessionLeavesNothingAndAnotherCanTakeOver() throws Exception {
        SourceTransaction transaction = transaction("INSERT INTO app.t VALUES (1, 1)");
        try (ApplySession session = ApplySession.open(aws1.apply())) {
            CommitGate killing = () -> {
                try {
                    aws1.execute("KILL "
                            + aws1.value("SELECT id FROM information_schema.processlist WHERE user='regent_apply'"));
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
                return true;
            };
            assertThatThrownBy(() -> session.apply(transaction, killing))
                    .isInstanceOfSatisfying(
                            ApplyException.class,
                            e -> assertThat(e.remedy()).isEqualTo(ApplyException.Remedy.RECONNECT));
            assertThat(session.isOpen()).isFalse();
        }
        assertAbsent(transaction);
        try (ApplySession another = ApplySession.open(aws1.apply())) {
            assertThat(another.apply(transaction, CommitGate.OPEN)).isTrue();
        }
    }
}
