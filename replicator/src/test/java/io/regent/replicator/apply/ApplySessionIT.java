package io.regent.replicator.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.regent.replicator.transaction.BinlogEvent;
import io.regent.replicator.transaction.EventType;
import io.regent.replicator.transaction.MalformedEventException;
import io.regent.replicator.transaction.RowsEvents;
import io.regent.replicator.transaction.SourceTransaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Faults planted into one transaction: nothing of it stays at the target, its GTID neither. */
class ApplySessionIT extends ApplyFixture {
    /** Its COMMIT goes in a packet of its own. */
    private static final CommitGate WAITED = () -> true;

    @Test
    void aFailingBinlogIsRolledBackAndItsGtidStaysFree() throws Exception {
        SourceTransaction transaction =
                transaction("BEGIN", "INSERT INTO app.t VALUES (1, 1)", "INSERT INTO app.u VALUES (1, 1)", "COMMIT");
        aws1.execute("SET sql_log_bin=0", "DROP TABLE app.u");
        try (ApplySession session = ApplySession.open(aws1.apply())) {
            assertThatThrownBy(() -> session.apply(transaction, WAITED))
                    .isInstanceOfSatisfying(
                            ApplyException.class, e -> assertThat(e.remedy()).isEqualTo(ApplyException.Remedy.STOP))
                    .hasMessageContaining("1146")
                    .hasMessageContaining("app.u");
            aws1.execute("SET sql_log_bin=0", "CREATE TABLE app.u (id INT PRIMARY KEY, v INT)");
            assertAbsent(transaction);

            assertThat(session.apply(transaction, WAITED))
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
                        .map(event -> event.type() == EventType.WRITE_ROWS
                                ? RowsEvents.withStatementEnd(event, false)
                                : event)))
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
            assertThat(session.apply(transaction, WAITED)).isTrue();
        }
    }

    @Test
    void theSameTransactionAppliedTwiceStaysOnce() throws Exception {
        SourceTransaction transaction = transaction("INSERT INTO app.t VALUES (1, 1)");
        try (ApplySession session = ApplySession.open(aws1.apply())) {
            assertThat(session.apply(transaction, WAITED)).isTrue();
            assertThat(session.apply(transaction, WAITED)).isTrue();
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
                            ApplyException.class,
                            e -> assertThat(e.remedy()).isEqualTo(ApplyException.Remedy.RETRY_SOON))
                    .hasMessageContaining("1290");
            assertAbsent(transaction);
            aws1.execute("SET GLOBAL super_read_only=OFF", "SET GLOBAL read_only=ON");
            assertThat(session.apply(transaction, WAITED))
                    .as("STANDBY takes it")
                    .isTrue();
            aws1.execute("SET GLOBAL read_only=OFF");
        }
    }

    @Test
    void aLockedRowIsTriedAgain() throws Exception {
        SourceTransaction insert = transaction("INSERT INTO app.t VALUES (1, 1)");
        SourceTransaction update = transaction("UPDATE app.t SET v=2");
        try (ApplySession session = ApplySession.open(aws1.apply());
                Connection client = aws1.open();
                Statement statement = client.createStatement()) {
            assertThat(session.apply(insert, WAITED)).isTrue();
            statement.execute("BEGIN");
            statement.execute("SELECT * FROM app.t FOR UPDATE");
            assertThatThrownBy(() -> session.apply(update, WAITED))
                    .isInstanceOfSatisfying(
                            ApplyException.class, e -> assertThat(e.remedy()).isEqualTo(ApplyException.Remedy.RETRY));
            assertThat(aws1.executed().contains(update.gtid())).isFalse();
            statement.execute("ROLLBACK");
            assertThat(session.apply(update, WAITED)).isTrue();
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
            assertThat(another.apply(transaction, WAITED)).isTrue();
        }
    }
}
