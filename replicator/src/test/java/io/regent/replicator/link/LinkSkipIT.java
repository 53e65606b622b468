package io.regent.replicator.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.replicator.apply.StopReport;
import io.regent.replicator.lab.Links;
import io.regent.replicator.order.CommitOrder;
import io.regent.replicator.order.Delivery;
import io.regent.replicator.order.Delivery.Answer;
import io.regent.sql.gtid.GtidSet;
import java.sql.SQLException;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A link that stops at a transaction tells all of it, and goes on behind it once it was skipped. */
class LinkSkipIT extends PairOfRegions {
    private StopReport awaitStop() {
        return Objects.requireNonNull(
                Links.awaitState(link, LinkStatus.State.FAILED).stopped());
    }

    private GtidSet poisoned() throws SQLException {
        GtidSet missing = phx1.executed().subtract(aws1.executed());
        assertThat(missing.count()).isEqualTo(1);
        return missing;
    }

    /** As a coordinator begins anew when a transaction was skipped. */
    private void skip(GtidSet gtids) {
        link.close();
        Delivery rule = gtid -> gtids.contains(gtid) ? Answer.SKIP : Answer.DELIVER;
        link = Links.start(Links.settings(phx1, aws1), rule);
    }

    private void threeRows() throws SQLException {
        phx1.execute(
                "CREATE TABLE app.o (id INT PRIMARY KEY)",
                "CREATE TABLE app.t (id INT PRIMARY KEY, a INT, note VARCHAR(2000))",
                "INSERT INTO app.t VALUES (1, 10, 'one'), (2, 20, 'two'), (3, 30, NULL)");
        await();
    }

    @ParameterizedTest
    @EnumSource
    void theRowThatIsMissingIsNamedAmongThoseThatAreThereAndNothingIsLeftOfTheSearch(CommitOrder order)
            throws SQLException {
        startLink(order);
        threeRows();
        aws1.execute("SET sql_log_bin=0", "DELETE FROM app.t WHERE id=2");
        GtidSet before = aws1.executed();
        phx1.execute("BEGIN", "INSERT INTO app.o VALUES (7)", "UPDATE app.t SET a=a+1", "COMMIT");
        StopReport stop = awaitStop();
        GtidSet poisoned = poisoned();
        assertThat(stop.gtid()).isEqualTo(poisoned.toString());
        assertThat(stop.error()).isEqualTo(1032);
        assertThat(stop.tables()).containsExactly("app.o", "app.t");
        assertThat(stop.rows()).isEqualTo(4);
        assertThat(stop.row())
                .isEqualTo(new StopReport.Row(
                        "app.t", "UPDATE", "id=2", "id=2, a=20, note=two", "id=2, a=21, note=two", true));
        assertThat(link.status().detail())
                .contains(poisoned.toString(), "1032", "app.t (id=2)", "before {id=2, a=20", "after {id=2, a=21");
        assertThat(aws1.executed()).isEqualTo(before);
        assertThat(aws1.query("SELECT id FROM app.o")).isEmpty();
        assertThat(aws1.query("SELECT a FROM app.t")).containsExactly("10", "30");
        assertThat(aws1.query("SELECT trx_id FROM information_schema.innodb_trx"))
                .isEmpty();

        phx1.execute("INSERT INTO app.o VALUES (8)");
        skip(poisoned);
        await();
        assertThat(link.status().stopped()).isNull();
        assertThat(aws1.query("SELECT id FROM app.o")).containsExactly("8");
        assertThat(aws1.query("SELECT a FROM app.t")).containsExactly("10", "30");
        Links.assertNoHoles(phx1, aws1);
    }

    @Test
    void aKeyThatIsThereIsNamedWithTheRowThatWouldTakeIt() throws SQLException {
        threeRows();
        aws1.execute("SET sql_log_bin=0", "INSERT INTO app.o VALUES (5)");
        phx1.execute("INSERT INTO app.o VALUES (4), (5), (6)");
        StopReport stop = awaitStop();
        assertThat(stop.error()).isEqualTo(1062);
        assertThat(stop.row()).isEqualTo(new StopReport.Row("app.o", "INSERT", "id=5", "", "id=5", true));
        skip(poisoned());
        await();
        assertThat(aws1.query("SELECT id FROM app.o")).containsExactly("5");
    }

    @Test
    void longValuesAreCut() throws SQLException {
        threeRows();
        aws1.execute("SET sql_log_bin=0", "DELETE FROM app.t WHERE id=3");
        phx1.execute("UPDATE app.t SET note=REPEAT('x', 2000) WHERE id=3");
        StopReport.Row row = Objects.requireNonNull(awaitStop().row());
        assertThat(row.after())
                .startsWith("id=3, a=30, note=xxx")
                .endsWith("x...")
                .hasSizeLessThan(150);
        assertThat(row.before()).isEqualTo("id=3, a=30, note=NULL");
        skip(poisoned());
        await();
    }

    @Test
    void aTableThatIsMissingIsNamedWithTheFirstOfItsRows() throws SQLException {
        threeRows();
        link.close();
        aws1.execute("SET sql_log_bin=0", "DROP TABLE app.t");
        phx1.execute("DELETE FROM app.t WHERE id>1");
        link = Links.start(phx1, aws1); // which has compared no table yet
        StopReport stop = awaitStop();
        assertThat(stop.cause()).contains("app.t", "no such table");
        assertThat(stop.tables()).containsExactly("app.t");
        assertThat(stop.row())
                .isEqualTo(new StopReport.Row("app.t", "DELETE", "id=2", "id=2, a=20, note=two", "", false));
        skip(poisoned());
        await();
        assertThat(aws1.query("SHOW TABLES IN app")).containsExactly("o");
    }

    @Test
    void aDefinitionThatFailsIsNamedByItsTextAndIsSkippedToo() throws SQLException {
        threeRows();
        aws1.execute("SET sql_log_bin=0", "DROP TABLE app.t");
        phx1.execute("ALTER TABLE app.t ADD b INT");
        StopReport stop = awaitStop();
        assertThat(stop.error()).isEqualTo(1146);
        assertThat(stop.statement()).contains("ALTER TABLE app.t ADD b INT");
        assertThat(stop.row()).isNull();
        skip(poisoned());
        await();
    }

    @Test
    void whatCannotBeCarriedAtAllIsNamedAndSkippedToo() throws SQLException {
        threeRows();
        phx1.execute("XA START 'x'", "INSERT INTO app.o VALUES (9)", "XA END 'x'", "XA COMMIT 'x' ONE PHASE");
        StopReport stop = awaitStop();
        assertThat(stop.cause()).contains("is an XA transaction");
        assertThat(stop.gtid()).isEqualTo(poisoned().toString());
        phx1.execute("INSERT INTO app.o VALUES (10)");
        skip(GtidSet.parse(stop.gtid()));
        await();
        assertThat(aws1.query("SELECT id FROM app.o")).containsExactly("10");
    }

    @Test
    void whatTheTargetHasExecutedItKeepsThoughItIsSkipped() throws SQLException {
        threeRows();
        phx1.execute("INSERT INTO app.o VALUES (1)");
        await();
        skip(phx1.executed());
        phx1.execute("INSERT INTO app.o VALUES (2)");
        await();
        assertThat(aws1.query("SELECT id FROM app.o")).containsExactly("1", "2");
        assertThat(aws1.query("SELECT id FROM app.t")).hasSize(3);
    }
}
