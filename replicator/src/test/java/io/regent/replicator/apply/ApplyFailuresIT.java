package io.regent.replicator.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.regent.replicator.transaction.SourceTransaction;
import java.sql.SQLException;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;

/** What an operator reads when rows do not fit the target: table, rows, cause, remedy. */
class ApplyFailuresIT extends ApplyFixture {
    private AbstractThrowableAssert<?, ? extends Throwable> assertStops(SourceTransaction transaction)
            throws SQLException {
        try (ApplySession session = ApplySession.open(aws1.apply())) {
            return assertThatThrownBy(() -> session.apply(transaction, CommitGate.OPEN))
                    .isInstanceOfSatisfying(
                            ApplyException.class, e -> assertThat(e.remedy()).isEqualTo(ApplyException.Remedy.STOP));
        }
    }

    private void quietly(String... statements) throws SQLException {
        for (String sql : statements) {
            aws1.execute("SET sql_log_bin=0", sql);
        }
    }

    @Test
    void aRowThatIsMissingIsNamedWithItsKey() throws Exception {
        phx1.execute("INSERT INTO app.t VALUES (1, 1), (2, 2)");
        assertStops(transaction("UPDATE app.t SET v=7"))
                .hasMessageContaining("error 1032")
                .hasMessageContaining(
                        "the target refuses UPDATE of app.t (id=1), before {id=1, v=1}, after {id=1, v=7}")
                .hasMessageContaining("the target lacks a row")
                .hasMessageContaining("dbctl verify");
    }

    @Test
    void aRowThatIsThereAlreadyIsNamedWithItsKey() throws Exception {
        quietly("INSERT INTO app.t VALUES (5, 0)");
        assertStops(transaction("INSERT INTO app.t VALUES (4, 1), (5, 1)"))
                .hasMessageContaining("error 1062")
                .hasMessageContaining("the target refuses INSERT of app.t (id=5), after {id=5, v=1}")
                .hasMessageContaining("the target has a row with this key")
                .hasMessageContaining("dbctl verify");
    }

    @Test
    void aParentThatIsMissingIsSaid() throws Exception {
        quietly("ALTER TABLE app.u ADD FOREIGN KEY (v) REFERENCES app.t (id)");
        assertStops(transaction("INSERT INTO app.u VALUES (1, 3)"))
                .hasMessageContaining("foreign key constraint fails")
                .hasMessageContaining("app.u (id=1)")
                .hasMessageContaining("the target lacks a parent row");
    }

    @Test
    void anUnknownErrorIsSaidToBeARightOrAType() throws Exception {
        quietly("ALTER TABLE app.t MODIFY v BIGINT");
        assertStops(transaction("INSERT INTO app.t VALUES (1, 1)"))
                .hasMessageContaining("error 1105")
                .hasMessageContaining("app.t (id=1)")
                .hasMessageContaining("INSERT, UPDATE and DELETE")
                .hasMessageContaining("column");
    }

    @Test
    void ofManyRowsTheOneThatIsRefusedIsNamed() throws Exception {
        quietly("INSERT INTO app.t VALUES (4, 0)");
        assertStops(transaction("INSERT INTO app.t VALUES (1, 1), (2, 2), (3, 3), (4, 4), (5, 5)"))
                .hasMessageContaining("the target refuses INSERT of app.t (id=4)");
    }
}
