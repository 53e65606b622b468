package io.regent.replicator.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.regent.replicator.lab.Links;
import io.regent.replicator.lab.Load;
import io.regent.replicator.lab.Region;
import io.regent.replicator.order.CommitOrder;
import io.regent.replicator.order.Delivery;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * kill -9 of link, target and source at random moments under load.
 *
 * <p>{@code -Dregent.crash.rounds=200} (a quarter of them in the orders that are not the default) for the long form; {@code -Dregent.seed=N} replays the moments.
 */
@Timeout(1800)
class LinkCrashIT {
    private static final int ROUNDS = Integer.getInteger("regent.crash.rounds", 4);

    /** What is behind at the end is to be caught up with soon, on any machine. */
    private static final long PAUSE_MILLIS = 5;

    private final long seed = Long.getLong("regent.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final CountDownLatch never = new CountDownLatch(1);
    private Region phx1;
    private Region aws1;

    @BeforeEach
    void startRegions(@TempDir Path directory) throws Exception {
        System.out.println("seed " + seed);
        phx1 = Region.start("phx1", directory);
        aws1 = Region.start("aws1", directory);
    }

    @AfterEach
    void stopRegions() {
        phx1.close();
        aws1.close();
    }

    @ParameterizedTest
    @EnumSource
    void aKilledLinkGoesOnWithoutLossOrDoubling(CommitOrder order) throws Exception {
        try (Load load = Load.start(phx1, 4, seed, PAUSE_MILLIS)) {
            for (int i = 0; i < rounds(order); i++) {
                Process link = startLink(order);
                long before = load.committed();
                awaitApplied();
                pauseUpTo(700);
                link.destroyForcibly().waitFor();
                assertThat(load.committed()).isGreaterThan(before);
            }
        }
        assertEqualAtTheEnd();
    }

    @ParameterizedTest
    @EnumSource
    void aKilledTargetOrSourceIsCaughtUpWithWithoutLossOrDoubling(CommitOrder order) throws Exception {
        Link link = Links.start(Links.settings(phx1, aws1, order), Delivery.everything());
        try (Load load = Load.start(phx1, 4, seed, PAUSE_MILLIS)) {
            for (int i = 0; i < rounds(order); i++) {
                long before = load.committed();
                awaitApplied();
                pauseUpTo(500);
                Region victim = i % 2 == 0 ? aws1 : phx1;
                victim.crash();
                assertThat(load.committed()).isGreaterThan(before);
            }
            Links.awaitEverything(phx1, aws1, link);
        } finally {
            link.close();
        }
        assertThat(link.status().state()).isEqualTo(LinkStatus.State.STOPPED);
        assertEqualAtTheEnd();
    }

    private static int rounds(CommitOrder order) {
        return order == CommitOrder.GROUPED ? ROUNDS : Math.max(1, ROUNDS / 4);
    }

    private Process startLink(CommitOrder order) throws IOException {
        return new ProcessBuilder(LinkProcess.command(phx1, aws1, order))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** Until the target moves: the link is at work. */
    private void awaitApplied() throws Exception {
        var before = aws1.executed();
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> !aws1.executed().equals(before));
    }

    private void pauseUpTo(int millis) throws InterruptedException {
        assertThat(never.await(random.nextInt(millis), TimeUnit.MILLISECONDS)).isFalse();
    }

    private void assertEqualAtTheEnd() throws Exception {
        try (Link link = Links.start(phx1, aws1)) {
            Links.awaitEverything(phx1, aws1, link);
        }
        Links.assertEqual(phx1, aws1, "app");
        Links.assertNoHoles(phx1, aws1);
        assertThat(aws1.value("SELECT COUNT(*)-COUNT(DISTINCT id) FROM app.keyless"))
                .as("rows twice")
                .isEqualTo("0");
        assertThat(aws1.executed()).isEqualTo(phx1.executed());
    }
}
