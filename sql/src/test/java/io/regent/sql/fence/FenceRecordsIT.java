package io.regent.sql.fence;

import static io.regent.sql.fence.FenceFixture.LIMIT;
import static io.regent.sql.fence.FenceFixture.TTL;
import static io.regent.sql.init.InitFixture.query;
import static io.regent.sql.init.InitFixture.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.regent.sql.gtid.GtidSet;
import io.regent.sql.init.AccountRole;
import io.regent.sql.schema.Answer;
import io.regent.sql.schema.Guards;
import io.regent.sql.schema.LocalRecords;
import io.regent.sql.session.MysqlErrors;
import io.regent.sql.session.Statements;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a fence writes down, and the guard that it raises. */
class FenceRecordsIT {
    private static final GtidSet HAD = GtidSet.parse("aaaaaaaa-0000-0000-0000-000000000001:1");

    @TempDir
    static Path directory;

    private static FenceFixture fixture;
    private static long epoch;

    @BeforeAll
    static void start() throws Exception {
        fixture = new FenceFixture(directory, "phx1");
    }

    @AfterAll
    static void close() throws Exception {
        fixture.close();
    }

    @Test
    void anOpenServerRecordsNoEpoch() throws Exception {
        fixture.open(++epoch, TTL);
        assertThat(fixture.fence
                        .records()
                        .recordEpoch(epoch + 1, "aws1", null, Long.MAX_VALUE)
                        .done())
                .isFalse();
        assertThat(fixture.fence.readLocal().epoch().orElseThrow().number()).isEqualTo(epoch);
    }

    @Test
    void theNewestEpochCountsAndNoneIsRecordedTwice() throws Exception {
        fixture.standby(++epoch);
        assertThat(fixture.fence.records().recordEpoch(epoch, "phx1", null, Long.MAX_VALUE))
                .isEqualTo(Answer.ok());
        assertThat(fixture.fence
                        .records()
                        .recordEpoch(epoch, "aws1", null, Long.MAX_VALUE)
                        .done())
                .isFalse();
        assertThat(fixture.fence
                        .records()
                        .recordEpoch(epoch - 1, "phx1", null, Long.MAX_VALUE)
                        .done())
                .isFalse();
        GtidSet cut = GtidSet.parse("aaaaaaaa-0000-0000-0000-000000000001:1-5");
        assertThat(fixture.fence.records().recordCut(epoch, cut)).isEqualTo(Answer.ok());
        assertThat(fixture.fence.records().recordCut(epoch, cut)).isEqualTo(Answer.ok());
        assertThat(fixture.fence.records().recordCut(epoch, GtidSet.EMPTY).done())
                .isFalse();
        assertThat(fixture.fence.readLocal().epoch().orElseThrow().cut()).contains(cut);
    }

    @Test
    void anEpochIsRecordedWithItsCutAndKeepsIt() throws Exception {
        fixture.standby(++epoch);
        LocalRecords records = fixture.fence.records();
        GtidSet cut = GtidSet.parse("aaaaaaaa-0000-0000-0000-000000000001:1-5");
        assertThat(records.recordEpoch(++epoch, "aws1", cut, Long.MAX_VALUE)).isEqualTo(Answer.ok());
        assertThat(fixture.fence.readLocal().epoch().orElseThrow().cut()).contains(cut);
        assertThat(records.recordEpoch(epoch, "aws1", null, Long.MAX_VALUE)).isEqualTo(Answer.ok());
        assertThat(records.recordEpoch(epoch, "aws1", GtidSet.EMPTY, Long.MAX_VALUE)
                        .reason())
                .contains("another cut");
        assertThat(fixture.fence.readLocal().epoch().orElseThrow().cut()).contains(cut);

        assertThat(records.recordEpoch(++epoch, "aws1", null, Long.MAX_VALUE)).isEqualTo(Answer.ok());
        assertThat(records.recordEpoch(epoch, "aws1", cut, Long.MAX_VALUE)).isEqualTo(Answer.ok());
        assertThat(fixture.fence.readLocal().epoch().orElseThrow().cut()).contains(cut);
    }

    @Test
    void verdictsAreStoredThenSettledAndNeverChanged() throws Exception {
        fixture.standby(++epoch);
        GtidSet first = GtidSet.parse("aaaaaaaa-0000-0000-0000-000000000001:7");
        GtidSet second = GtidSet.parse("aaaaaaaa-0000-0000-0000-000000000001:9-12");
        assertThat(fixture.fence.records().storeVerdict(1, first, HAD)).isEqualTo(Answer.ok());
        assertThat(fixture.fence.records().storeVerdict(1, first, HAD)).isEqualTo(Answer.ok());
        assertThat(fixture.fence.records().storeVerdict(1, second, HAD).done()).isFalse();
        assertThat(fixture.fence.records().storeVerdict(2, second, HAD)).isEqualTo(Answer.ok());
        assertThat(fixture.fence.readLocal().settledUpTo()).isZero();
        assertThat(fixture.fence.records().settleVerdict(1, true)).isEqualTo(Answer.ok());
        assertThat(fixture.fence.records().settleVerdict(1, false).done()).isFalse();
        assertThat(fixture.fence.records().settleVerdict(3, false).done()).isFalse();
        assertThat(fixture.fence.readLocal().settledUpTo()).isEqualTo(1);
        assertThat(fixture.fence.readLocal().voided()).isEqualTo(first.union(second));
    }

    /** A session's own time is to the server what its clock would be if it were set. */
    @Test
    void aStartOfTheServerIsTheSameWhateverItsClockIsSetTo() throws Exception {
        try (Connection root = fixture.server.sessions().open()) {
            String before = query(root, "SELECT regent_local.run()");
            for (String time : List.of("UNIX_TIMESTAMP() + 3600", "1000000000", "1")) {
                run(root, "SET timestamp = " + time);
                assertThat(query(root, "SELECT regent_local.run()")).as(time).isEqualTo(before);
            }
        }
    }

    private static void pass(Connection apply, String source, long withEpoch, long incarnation) throws SQLException {
        Statements.execute(apply, Guards.PASS, source, withEpoch, incarnation);
    }

    @Test
    void theGuardRefusesOlderApplySessionsAndRaisingItKillsThem() throws Exception {
        fixture.standby(++epoch);
        Guards guards = fixture.fence.guards();
        try (Connection old = fixture.sessions(AccountRole.APPLY).open();
                Connection next = fixture.sessions(AccountRole.APPLY).open()) {
            assertThatThrownBy(() -> pass(old, "aws1", epoch, 10)).hasMessageContaining("no guard was raised");
            assertThat(guards.raise(List.of("aws1", "aws2"), epoch, 10, LIMIT)).isEqualTo(Answer.ok());
            pass(old, "aws1", epoch, 10);
            assertThat(query(old, "SELECT @@sql_log_bin")).isEqualTo("1");
            assertThat(guards.raise(List.of("aws2"), epoch, 11, LIMIT)).isEqualTo(Answer.ok());
            run(old, "SELECT 1");
            assertThat(guards.raise(List.of("aws1", "aws2"), epoch + 1, 11, LIMIT))
                    .isEqualTo(Answer.ok());
            assertThatThrownBy(() -> run(old, "SELECT 1")).isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> pass(next, "aws1", epoch + 1, 11))
                    .as("not recorded yet")
                    .hasMessageContaining("not recorded here");
        }
        fixture.standby(++epoch);
        try (Connection next = fixture.sessions(AccountRole.APPLY).open()) {
            assertThatThrownBy(() -> pass(next, "aws1", epoch, 10)).hasMessageContaining("older than the raised guard");
            assertThatThrownBy(() -> pass(next, "aws1", epoch - 1, 11))
                    .hasMessageContaining("older than the raised guard");
            pass(next, "aws1", epoch, 11);
            assertThat(guards.raise(List.of("aws1"), epoch, 10, LIMIT).done()).isFalse();
            run(next, "SELECT 1");
            assertThat(guards.raise(List.of("aws1"), epoch + 1, 11, LIMIT)).isEqualTo(Answer.ok());
            run(next, "SELECT 1");
        }
    }

    @Test
    void aGuardThatIsHigherStaysAndIsNamedAndTheOthersAreRaised() throws Exception {
        fixture.standby(++epoch);
        Guards guards = fixture.fence.guards();
        assertThat(guards.raise(List.of("aws5"), epoch + 1, 30, LIMIT)).isEqualTo(Answer.ok());
        assertThat(guards.raise(List.of("aws4", "aws5"), epoch, 30, LIMIT).reason())
                .contains("the guard of aws5 is higher than epoch " + epoch + ", incarnation 30");
        assertThat(guards.raise(List.of("aws4", "aws5"), epoch + 9, 29, LIMIT).done())
                .isFalse();
        assertThat(guards.raise(List.of("aws4", "aws5"), epoch + 1, 30, LIMIT)).isEqualTo(Answer.ok());
        try (Connection root = fixture.server.sessions().open()) {
            assertThat(query(
                            root,
                            "SELECT GROUP_CONCAT(CONCAT_WS(' ', source, epoch - " + epoch
                                    + ", incarnation) ORDER BY source) FROM regent_local.guard WHERE source IN"
                                    + " ('aws4', 'aws5')"))
                    .isEqualTo("aws4 1 30,aws5 1 30");
        }
    }

    @Test
    void aLaterIncarnationTakesAnEpochBackAndTheEarlierCanRecordItNoMore() throws Exception {
        fixture.standby(++epoch);
        Guards guards = fixture.fence.guards();
        LocalRecords records = fixture.fence.records();
        assertThat(guards.raise(List.of("aws3"), epoch + 1, 20, LIMIT)).isEqualTo(Answer.ok());
        assertThat(guards.raise(List.of("aws3"), epoch, 20, LIMIT).done())
                .as("its own")
                .isFalse();
        assertThat(guards.raise(List.of("aws3"), epoch, 21, LIMIT)).isEqualTo(Answer.ok());
        assertThat(records.recordEpoch(epoch + 1, "aws1", null, 20).reason()).contains("a later coordinator");
        assertThat(fixture.fence.readLocal().epoch().orElseThrow().number()).isEqualTo(epoch);
        assertThat(guards.raise(List.of("aws3"), epoch + 1, 21, LIMIT)).isEqualTo(Answer.ok());
        assertThat(records.recordEpoch(++epoch, "aws1", null, 21)).isEqualTo(Answer.ok());
    }

    @Test
    void aSealedServerRefusesToRecordAndKeepsNothingLocked() throws Exception {
        fixture.standby(++epoch);
        assertThat(fixture.fence.seal(ClosingMode.EMERGENCY, LIMIT).sealed()).isTrue();
        assertThatThrownBy(() -> fixture.fence.records().recordEpoch(epoch + 1, "aws1", null, Long.MAX_VALUE))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getErrorCode()).isEqualTo(MysqlErrors.READ_ONLY));
        fixture.standby(++epoch); // its first step takes what a transaction that was left would hold
    }
}
