package io.regent.replicator.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.regent.replicator.transaction.SourceTransaction;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Empty transactions whose GTID another session has, had, or takes. */
class GtidOwnerIT extends ApplyFixture {
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
}
