package io.regent.replicator.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.replicator.apply.Guard;
import io.regent.replicator.lab.Links;
import io.regent.replicator.order.Delivery;
import io.regent.replicator.order.Delivery.Answer;
import io.regent.replicator.order.SourceMark;
import io.regent.sql.gtid.GtidSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A link follows its source's epoch: the target lives in 7, the cut is what the source had before the test. */
class LinkAdmissionIT extends PairOfRegions {
    private static final long EPOCH = 7;
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final Queue<SourceMark> marks = new ConcurrentLinkedQueue<>();

    /** It would close a source that has an epoch and no lease. */
    @BeforeAll
    void stopTheDeadManOfTheSource() throws SQLException {
        phx1.execute("SET GLOBAL event_scheduler=OFF");
        // One run watches, others wait for its place, and may be gone before they are killed.
        Awaitility.await().atMost(LIMIT).ignoreExceptions().until(() -> {
            List<String> runs = phx1.query("SELECT ID FROM information_schema.PROCESSLIST WHERE USER='regent_fence'"
                    + " AND COMMAND='Connect'");
            for (String run : runs) {
                phx1.execute("KILL " + run);
            }
            return runs.isEmpty();
        });
    }

    @BeforeEach
    void startUnderMastership() throws SQLException {
        phx1.execute("CREATE TABLE app.t (id INT PRIMARY KEY)");
        await();
        link.close();
        marks.clear();
        phx1.execute("SET sql_log_bin=0", "DELETE FROM regent_local.epoch", "DELETE FROM regent_local.verdict");
        record(EPOCH);
        Guard guard = new Guard(EPOCH, 1);
        Links.raiseGuard(phx1, aws1, guard);
        GtidSet cut = phx1.executed();
        link = Links.start(Links.settings(phx1, aws1), new Terms(guard, mark -> rule(cut, mark)));
    }

    private Delivery rule(GtidSet cut, SourceMark mark) {
        marks.add(mark);
        boolean beyond = mark.recordedEpoch() == EPOCH && mark.openedEpoch() == EPOCH && mark.verdict() <= 1;
        return gtid -> beyond || cut.contains(gtid) ? Answer.DELIVER : Answer.HOLD;
    }

    private void record(long epoch) throws SQLException {
        phx1.execute(
                "SET sql_log_bin=0",
                "INSERT INTO regent_local.epoch (epoch, region, recorded_at) VALUES (" + epoch
                        + ", 'phx1', SYSDATE(6))");
    }

    private void openInEpoch() throws SQLException {
        phx1.execute("SET sql_log_bin=0", "UPDATE regent_local.epoch SET opened_at=SYSDATE(6) WHERE epoch=" + EPOCH);
    }

    private void verdict(long number) throws SQLException {
        phx1.execute(
                "SET sql_log_bin=0",
                "INSERT INTO regent_local.verdict (number, voided, stored_at) VALUES (" + number + ", '', SYSDATE(6))");
    }

    private void awaitMark(SourceMark mark) {
        Awaitility.await().atMost(LIMIT).until(() -> marks.stream().anyMatch(said -> sameEpochs(said, mark)));
    }

    private static boolean sameEpochs(SourceMark one, SourceMark other) {
        return one.recordedEpoch() == other.recordedEpoch()
                && one.openedEpoch() == other.openedEpoch()
                && one.verdict() == other.verdict();
    }

    private void assertHeld(int id) throws SQLException {
        phx1.execute("INSERT INTO app.t VALUES (" + id + ")");
        Links.awaitState(link, LinkStatus.State.HELD);
        assertThat(aws1.query("SELECT id FROM app.t WHERE id=" + id)).isEmpty();
    }

    @Test
    void beyondTheCutOnlyASourceThatOpenedInThisEpochDelivers() throws SQLException {
        assertHeld(1);
        openInEpoch();
        assertEqual();
        record(EPOCH + 1);
        awaitMark(new SourceMark(EPOCH + 1, EPOCH, 0));
        assertHeld(2);
    }

    @Test
    void aSourceWithAVerdictThatTheTargetDoesNotKnowIsHeld() throws SQLException {
        openInEpoch();
        verdict(1);
        phx1.execute("INSERT INTO app.t VALUES (1)");
        assertEqual();
        verdict(2);
        awaitMark(new SourceMark(EPOCH, EPOCH, 2));
        assertHeld(2);
    }

    @Test
    void aLostSessionAtTheSourceIsReplaced() throws SQLException {
        openInEpoch();
        phx1.execute("INSERT INTO app.t VALUES (1)");
        assertEqual();
        String session = phx1.value("SELECT PROCESSLIST_ID FROM performance_schema.session_connect_attrs"
                + " WHERE ATTR_NAME='program_name' AND ATTR_VALUE='regent-watch aws1'");
        phx1.execute("KILL " + session);
        verdict(1);
        awaitMark(new SourceMark(EPOCH, EPOCH, 1));
        phx1.execute("INSERT INTO app.t VALUES (2)");
        assertEqual();
    }
}
