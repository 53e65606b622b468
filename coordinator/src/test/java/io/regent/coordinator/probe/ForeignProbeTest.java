package io.regent.coordinator.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.regent.sql.session.Account;
import io.regent.sql.session.MysqlErrors;
import io.regent.sql.session.ServerAddress;
import io.regent.sql.session.Sessions;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When another region's MySQL is said to answer, and when it is said not to. */
@Timeout(20)
class ForeignProbeTest {
    private static final UUID OWN = new UUID(0, 1);

    private final SQLException refused = new SQLException("Connection refused", "08S01");
    private final Fake server = new Fake();
    private long now = -5_000_000_000L; // it may be negative
    private boolean wanted = true;
    private final ForeignProbe probe = new ForeignProbe("phx1", server, () -> wanted, OWN::equals, () -> now);

    private final class Fake implements ForeignProbe.Server {
        private @Nullable SQLException error;
        private UUID uuid = OWN;
        private Duration takes = Duration.ZERO;
        private int asked;
        private boolean kept;

        @Override
        public UUID ask() throws SQLException {
            asked++;
            kept = true;
            now += takes.toNanos();
            if (error != null) {
                throw error;
            }
            return uuid;
        }

        @Override
        public void close() {
            kept = false;
        }
    }

    private void turn(Duration after) {
        now += after.toNanos();
        probe.turn();
    }

    private void turns(int many) {
        for (int i = 0; i < many; i++) {
            turn(ForeignProbe.PERIOD);
        }
    }

    @Test
    void whoAnswersIsSeenAndOneQuestionThatCameToNothingOnlyMeansThatNothingIsKnown() {
        assertThat(probe.answers()).isEmpty();
        turns(1);
        assertThat(probe.answers()).contains(true);
        server.error = refused;
        turns(1);
        assertThat(probe.answers()).isEmpty();
        turns(1);
        assertThat(probe.answers()).as("2 in a row, and 2 s").isEmpty();
        turns(1);
        assertThat(probe.answers()).as("3 s since it answered").isEmpty();
        now++;
        assertThat(probe.answers()).contains(false);
        server.error = null;
        turns(1);
        assertThat(probe.answers()).contains(true);
    }

    @Test
    void oneThatNeverAnsweredIsMissedOnceItWasAskedForLongEnough() {
        server.error = refused;
        turns(3);
        assertThat(probe.answers()).isEmpty();
        turns(2);
        assertThat(probe.answers()).contains(false);
    }

    @Test
    void aCoordinatorThatStoodStillMissesNobody() {
        turns(1);
        server.error = refused;
        turn(Duration.ofMinutes(1));
        assertThat(probe.answers()).as("what was under way broke off").isEmpty();
        server.error = null;
        turns(1);
        assertThat(probe.answers()).contains(true);
        now += ForeignProbe.SILENT.toNanos() + 1;
        assertThat(probe.answers())
                .as("an answer counts no longer than a link's")
                .isEmpty();
        server.error = refused;
        turns(4);
        assertThat(probe.answers()).contains(false);
        now += Duration.ofSeconds(10).toNanos();
        assertThat(probe.answers()).as("nobody has asked for long").isEmpty();
    }

    @Test
    void whileItStoodStillNobodyWasSilent() {
        turns(1);
        server.error = refused;
        turn(Duration.ofMinutes(1));
        turns(2);
        assertThat(probe.answers()).as("3 in a row, and 2 s").isEmpty();
        turns(2);
        assertThat(probe.answers()).contains(false);
    }

    @Test
    void anAnswerCountsFromWhenItWasAskedFor() {
        server.takes = Duration.ofSeconds(2);
        turns(1);
        assertThat(probe.answers()).contains(true);
        now += Duration.ofSeconds(1).toNanos();
        assertThat(probe.answers()).contains(true);
        now++;
        assertThat(probe.answers()).isEmpty();
    }

    @Test
    void aServerThatRefusesIsAliveAndAnotherSaysNothing() {
        for (int code : new int[] {MysqlErrors.OFFLINE_MODE, MysqlErrors.READ_ONLY, MysqlErrors.ACCESS_DENIED, 1040}) {
            server.error = new SQLException("no", "HY000", code);
            turns(1);
            assertThat(probe.answers()).as("%s", code).contains(true);
        }
        server.error = null;
        server.uuid = new UUID(0, 2);
        turns(1);
        assertThat(probe.answers()).isEmpty();
        server.error = refused;
        turns(3);
        assertThat(probe.answers()).as("counted anew").isEmpty();
        turns(1);
        assertThat(probe.answers()).isEmpty();
        now++;
        assertThat(probe.answers()).contains(false);
    }

    @Test
    void whoStandsByKeepsNoSessionAndKnowsNothing() {
        turns(1);
        assertThat(server.kept).isTrue();
        wanted = false;
        turns(1);
        assertThat(server.kept).isFalse();
        assertThat(probe.answers()).isEmpty();
        assertThat(server.asked).isEqualTo(1);
    }

    @Test
    void oneThatIsLongGoneIsAskedLessOften() {
        server.error = refused;
        turns(60);
        assertThat(server.asked).isBetween(12, 20);
        assertThat(probe.answers()).contains(false);
    }

    @Test
    void aServerThatAcceptsAndNeverAnswersIsGivenUp() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Sessions sessions = Sessions.to(
                            new ServerAddress("127.0.0.1", silent.getLocalPort()), new Account("any", "any"))
                    .connectTimeout(ForeignProbe.ANSWER)
                    .socketTimeout(ForeignProbe.ANSWER);
            ForeignSession session = new ForeignSession(sessions);
            long began = System.nanoTime();
            assertThatThrownBy(session::ask)
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            error -> assertThat(MysqlErrors.isOfServer(error)).isFalse());
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .isLessThan(ForeignProbe.ANSWER.multipliedBy(2).plusSeconds(2));
            Semaphore ended = new Semaphore(0);
            Thread hangs = new Thread(() -> {
                ForeignProbe hung = new ForeignProbe("phx1", session, () -> true, OWN::equals, System::nanoTime);
                hung.turn();
                ended.release();
            });
            hangs.start();
            session.close(); // by another thread
            ended.acquire();
        }
    }
}
