package io.regent.replicator.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.replicator.apply.Guard;
import io.regent.replicator.lab.Links;
import io.regent.replicator.order.CommitOrder;
import io.regent.replicator.order.Delivery;
import io.regent.sql.gtid.GtidSet;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A link of an older coordinator, or of an older epoch, commits nothing any more. */
class LinkGuardIT extends PairOfRegions {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private long epoch;
    private long incarnation;

    @BeforeEach
    void startUnderGuard() throws SQLException {
        epoch += 10;
        incarnation += 10;
        Links.raiseGuard(phx1, aws1, new Guard(epoch, incarnation));
        phx1.execute("CREATE TABLE app.t (id INT PRIMARY KEY, a INT)", "INSERT INTO app.t VALUES (1, 1)");
        await();
        link.close();
        link = start(epoch, incarnation);
    }

    private Link start(long ofEpoch, long ofIncarnation) {
        return start(ofEpoch, ofIncarnation, CommitOrder.GROUPED);
    }

    private Link start(long ofEpoch, long ofIncarnation, CommitOrder order) {
        Guard guard = new Guard(ofEpoch, ofIncarnation);
        return Links.start(Links.settings(phx1, aws1, order), new Terms(guard, mark -> Delivery.everything()));
    }

    @Test
    void aLinkAsNewAsTheGuardCommits() throws SQLException {
        phx1.execute("INSERT INTO app.t VALUES (2, 2)", "ALTER TABLE app.t ADD b INT");
        assertEqual();
    }

    @Test
    void aLinkOfAnOlderEpochOrIncarnationFails() throws SQLException {
        for (Guard older : List.of(new Guard(epoch - 1, incarnation), new Guard(epoch, incarnation - 1))) {
            link.close();
            link = start(older.epoch(), older.incarnation());
            phx1.execute("INSERT INTO app.t (id) SELECT MAX(id) + 1 FROM app.t");
            assertRefused();
            assertThat(aws1.query("SELECT id FROM app.t")).containsExactly("1");
        }
    }

    private void assertRefused() {
        assertThat(Links.awaitState(link, LinkStatus.State.FAILED).detail())
                .contains("refuses this link")
                .contains("older than the raised guard");
    }

    @Test
    void aDefinitionOfAnOlderLinkIsRefused() throws SQLException {
        link.close();
        link = start(epoch - 1, incarnation);
        phx1.execute("CREATE TABLE app.later (id INT PRIMARY KEY)");
        assertRefused();
        assertThat(aws1.query("SHOW TABLES IN app")).containsExactly("t");
    }

    @ParameterizedTest
    @EnumSource
    void raisingTheGuardEndsALinkInTheMiddleOfATransaction(CommitOrder order) throws SQLException {
        link.close();
        link = start(epoch, incarnation, order);
        phx1.execute("INSERT INTO app.t VALUES (2, 2)");
        await();
        try (Connection client = aws1.open();
                Statement statement = client.createStatement()) {
            statement.execute("BEGIN");
            statement.execute("SELECT * FROM app.t WHERE id=1 FOR UPDATE");
            phx1.execute("UPDATE app.t SET a=11 WHERE id=1", "UPDATE app.t SET a=22 WHERE id=2");
            Awaitility.await()
                    .atMost(LIMIT)
                    .until(() -> aws1.value("SELECT COUNT(*) FROM information_schema.innodb_trx"
                                    + " WHERE trx_state='LOCK WAIT'")
                            .equals("1"));
            Links.raiseGuard(phx1, aws1, new Guard(epoch, incarnation + 1));
            GtidSet afterRaising = aws1.executed();
            statement.execute("ROLLBACK");
            assertRefused();
            assertThat(aws1.executed()).isEqualTo(afterRaising);
            assertThat(aws1.query("SELECT a FROM app.t WHERE id=1")).containsExactly("1");
        }
        phx1.execute("INSERT INTO app.t VALUES (3, 3)");
        link.close();
        link = start(epoch, incarnation + 1);
        assertEqual();
    }
}
