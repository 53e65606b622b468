package io.regent.coordinator.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.regent.coordinator.cli.Shell;
import io.regent.coordinator.daemon.Load.Write;
import io.regent.coordinator.zookeeper.Proxy;
import io.regent.failover.timing.Timing;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.local.Ports;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The master's mysqld is killed alone, while its links bring nothing: what it acknowledged is fetched from its disk. */
class SalvageIT {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final Duration PAUSE = Duration.ofMillis(5);

    @TempDir
    static Path directory;

    private static ThreeRegions regions;
    private static Proxy network;

    @BeforeAll
    static void start() throws Exception {
        regions = new ThreeRegions(directory);
        network = new Proxy(regions.mysql("phx1").address().port());
        int port = Ports.free();
        Map<String, String> listening = Map.of("coordinator phx1", "127.0.0.1:" + port);
        Path phx1 = regions.file("phx1", listening);
        Path others =
                regions.file("others", Map.of("phx1", network.address(), "coordinator phx1", "127.0.0.1:" + port));
        regions.start("phx1", "phx1-1", phx1);
        regions.start("aws1", "aws1-1", others);
        regions.start("aws2", "aws2-1", others);
        regions.awaitOpen("phx1", SOON);
        regions.write("phx1", "CREATE DATABASE app", Load.TABLE);
        regions.awaitEqual(SOON);
    }

    @AfterAll
    static void close() throws Exception {
        regions.close();
        network.close();
    }

    @Test
    void aMasterWhoseMysqldAloneWasKilledStrandsNothingThoughEveryLinkWasHeld() throws Exception {
        if (!regions.master().equals("phx1")) {
            regions.promote("phx1");
        }
        regions.awaitOpen("phx1", SOON);
        long epoch = regions.cluster().epoch();
        try (Load load = Load.start(regions, PAUSE)) {
            await().atMost(SOON).until(() -> load.writes("phx1").size() > 50);
            network.loseAnswers();
            int held = load.writes("phx1").size();
            await().atMost(SOON).until(() -> load.writes("phx1").size() > held + 200);
            regions.mysql("phx1").kill();
            String next = regions.awaitAnother("phx1", SOON);
            await().atMost(SOON).until(() -> load.writes(next).size() > 50);
            List<Write> acknowledged = load.stop();
            assertThat(Objects.requireNonNull(regions.cluster().history().get(epoch))
                            .released())
                    .isTrue();
            assertThat(regions.cluster().epoch()).isEqualTo(epoch + 1);
            GtidSet executed = regions.executed(next);
            assertThat(acknowledged).allMatch(write -> executed.contains(write.gtid()));

            network.cutAndHeal();
            regions.mysql("phx1").start();
            regions.awaitEqual(SOON);
            Books books = new Books(regions, acknowledged);
            books.nothingIsLost();
            books.oneMasterAtATime();
            regions.verify();
            assertThat(regions.cluster().voided()).as("nothing was stranded").isEqualTo(GtidSet.EMPTY);
        }
    }

    @Test
    void whileTheAutomationIsPausedALostMasterIsReplacedOnlyByOrder() throws Exception {
        String master = regions.master();
        regions.awaitOpen(master, SOON);
        regions.awaitEqual(SOON);
        dbctl("pause", "--reason", "a test");
        long epoch = regions.cluster().epoch();
        regions.mysql(master).kill();
        long killed = System.nanoTime();
        Duration longEnough = Timing.standard().waitFor(Timing.standard().ttl()).plusSeconds(1);
        await().atMost(SOON).until(() -> System.nanoTime() - killed > longEnough.toNanos());
        assertThat(regions.cluster().epoch()).isEqualTo(epoch);
        assertThat(dbctl("failover").code()).as("it is not confirmed").isEqualTo(1);
        Shell.Outcome ordered = dbctl("failover", "--yes");
        assertThat(ordered.code()).as(ordered.out() + ordered.err()).isZero();
        assertThat(ordered.out())
                .contains("known to be only at " + master + ": ", "is master and open in epoch " + (epoch + 1));
        assertThat(Objects.requireNonNull(regions.cluster().history().get(epoch))
                        .why())
                .contains("an operator ordered ", " only there");
        dbctl("resume");
        regions.mysql(master).start();
        regions.awaitEqual(SOON);
        assertThat(regions.cluster().voided()).as("nothing was stranded").isEqualTo(GtidSet.EMPTY);
    }

    private static Shell.Outcome dbctl(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--config", regions.file().toString()));
        return new Shell().run(all.toArray(String[]::new));
    }
}
