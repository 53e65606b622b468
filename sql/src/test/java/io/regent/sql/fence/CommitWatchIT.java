package io.regent.sql.fence;

import static io.regent.sql.init.InitFixture.query;
import static io.regent.sql.init.InitFixture.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.regent.sql.gtid.GtidSet;
import io.regent.sql.init.AccountRole;
import io.regent.sql.schema.Answer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Probe writes on a real server. */
class CommitWatchIT {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    static Path directory;

    private static FenceFixture fixture;
    private static long epoch;

    private CommitWatch watch;

    @BeforeAll
    static void start() throws Exception {
        fixture = new FenceFixture(directory, "phx1");
    }

    @AfterAll
    static void close() throws Exception {
        fixture.close();
    }

    @BeforeEach
    void open() throws Exception {
        fixture.open(++epoch, LONG);
        watch = new CommitWatch(fixture.sessions(AccountRole.OBSERVE));
    }

    @AfterEach
    void give() {
        watch.close();
    }

    private static GtidSet executed() throws SQLException {
        return fixture.fence.state().gtidExecuted();
    }

    private Answer begin() throws SQLException {
        return watch.begin(fixture.fence, false);
    }

    private void getsThrough() throws Exception {
        GtidSet before = executed();
        assertThat(begin()).isEqualTo(Answer.ok());
        awaitEnd();
        assertThat(executed()).isNotEqualTo(before);
    }

    private void awaitEnd() {
        Awaitility.await().pollInterval(Duration.ofMillis(5)).until(() -> !watch.isUnderWay());
    }

    /** What the next ask answers once the probe that is under way has come to its end. */
    private void isRefused(String why) throws SQLException {
        assertThat(begin()).isEqualTo(Answer.ok());
        awaitEnd();
        assertThat(begin().reason()).contains(why);
        assertThat(begin()).as("told once").isEqualTo(Answer.ok());
        awaitEnd();
        assertThat(watch.begin(fixture.fence, true)).as("not asked").isEqualTo(Answer.ok());
        awaitEnd();
        assertThat(begin().reason()).contains(why);
    }

    @Test
    void aProbeIsOneTransactionOfTheServerItself() throws Exception {
        getsThrough();
        GtidSet before = executed();
        getsThrough();
        GtidSet more = executed().subtract(before);
        assertThat(more.count()).isEqualTo(1);
        assertThat(more.restrictedTo(fixture.server.serverUuid()::equals)).isEqualTo(more);
    }

    @Test
    void aClosedServerRefusesItAndSoDoesAStandby() throws Exception {
        getsThrough();
        fixture.seal(ClosingMode.EMERGENCY, "nothing");
        GtidSet before = executed();
        isRefused("read-only");
        assertThat(fixture.fence.standby()).isEqualTo(Answer.ok());
        isRefused("read-only");
        assertThat(executed()).isEqualTo(before);
    }

    @Test
    void aCommitThatHangsIsWaitedForWhileTheServerIsAtItAndNoOtherIsBegun() throws Exception {
        getsThrough();
        try (HungCommits hung = new HungCommits(fixture.server);
                Connection root = fixture.server.sessions().open()) {
            GtidSet before = executed();
            for (int i = 0; i < 5; i++) {
                assertThat(begin()).isEqualTo(Answer.ok());
                hung.await("regent_observe");
            }
            assertThat(executed()).isEqualTo(before);
            assertThat(query(root, "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE USER = 'regent_observe'"))
                    .isEqualTo("1");
            fixture.renew(LONG); // a server like that keeps its lease
            hung.end();
            awaitEnd();
            assertThat(executed()).isNotEqualTo(before);
        }
        getsThrough();
    }

    @Test
    void whoWaitsForALockSaysNothing() throws Exception {
        getsThrough();
        try (Connection root = fixture.server.sessions().open()) {
            run(root, "LOCK TABLES regent_probe.written READ");
            isRefused("1205");
            run(root, "UNLOCK TABLES", "FLUSH TABLES WITH READ LOCK");
            isRefused("1205");
            run(root, "UNLOCK TABLES");
        }
        getsThrough();
    }

    @Test
    void aServerWithoutAFreeConnectionIsProbedThroughTheSessionThatIsKept() throws Exception {
        getsThrough();
        try (Connection root = fixture.server.sessions().open();
                Connection one = fixture.app().open()) {
            run(one, "DO 1");
            run(root, "SET GLOBAL max_connections = 1");
            try {
                getsThrough();
            } finally {
                run(root, "SET GLOBAL max_connections = 151");
            }
        }
    }

    @Test
    void aSessionThatWasLostWhileIdleIsReplacedAtOnce() throws Exception {
        getsThrough();
        try (Connection root = fixture.server.sessions().open()) {
            run(
                    root,
                    "KILL "
                            + query(
                                    root,
                                    "SELECT ID FROM information_schema.PROCESSLIST WHERE USER = 'regent_observe'"));
        }
        getsThrough();
    }
}
