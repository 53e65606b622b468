package io.regent.coordinator.cli.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.regent.coordinator.cli.Shell;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.ConfigFile;
import io.regent.coordinator.daemon.CoordinatorProcess;
import io.regent.sql.channel.SourceTls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A cluster under writes that is taken over from native replication, and handed back to it. */
@Timeout(300)
class LeaveIT {
    /** Longer than a lease and the dead-man need. */
    private static final Duration A_WHILE = Duration.ofSeconds(8);

    @TempDir
    Path directory;

    /** As {@code kill -9}: nothing of the command's own runs any more. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    private static LeaveReport leave(NativeTrio trio, Consumer<String> progress) throws Exception {
        ClusterConfig config = ConfigFile.read(trio.file(), Map.of());
        LeaveOrder order = new LeaveOrder(
                config,
                trio.mysql("phx1").root(),
                config.region("phx1").orElseThrow(),
                NativeTrio.REPLICATION,
                SourceTls.OFF,
                Duration.ofSeconds(60));
        return new Handback(order, progress).run(false);
    }

    private static void killedAt(NativeTrio trio, String line) {
        assertThatThrownBy(() -> leave(trio, told -> {
                    if (told.startsWith(line)) {
                        throw new Killed();
                    }
                }))
                .isInstanceOf(Killed.class);
    }

    private static int appliers(NativeTrio trio, String region) throws Exception {
        return Integer.parseInt(trio.query(
                region,
                "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE USER = 'regent_apply' AND HOST LIKE '%:%'"));
    }

    @Test
    void nativeReplicationCarriesOnAndNothingIsLostThoughTheCoordinatorsRun() throws Exception {
        try (NativeTrio trio = new NativeTrio(directory, "phx1");
                CoordinatorProcess phx1 = CoordinatorProcess.start(trio.file(), "phx1", "phx1-1", directory)) {
            trio.startCoordinator("aws1");
            trio.startCoordinator("aws2");
            trio.awaitListening("phx1");
            Writer writer = Writer.to(trio, "phx1");
            Shell.Outcome adopted = trio.dbctl("adopt", "--master", "phx1", "--yes");
            assertThat(adopted.code()).as(adopted.out() + adopted.err()).isZero();
            // On a machine that is busy with other things a failover would be right, and another test.
            assertThat(trio.run("pause", "--reason", "the master stays where it is")
                            .code())
                    .isZero();
            writer.awaitMore(50);
            trio.awaitLinks();

            Shell.Outcome dry = trio.dbctl("leave", "--source", "phx1", "--dry-run");
            assertThat(dry.out()).as(dry.err()).contains("would be handed back");
            Shell.Outcome other = trio.dbctl("leave", "--source", "aws1", "--yes");
            assertThat(other.out()).contains("the master is phx1, not aws1", "dbctl promote aws1");
            assertThat(other.code()).isEqualTo(1);
            assertThat(appliers(trio, "aws1")).as("links run").isPositive();

            killedAt(trio, "aws1: Regent's accounts are locked");
            assertThat(appliers(trio, "aws1")).isZero();
            killedAt(trio, "aws1 replicates natively");
            killedAt(trio, "phx1: Regent's accounts are locked");
            Duration before = writer.longestGap();
            writer.awaitMore(20);
            LeaveReport report = leave(trio, told -> {});
            assertThat(report.problems()).isEmpty();
            assertThat(report.outcome()).isEqualTo("left");
            assertThat(report.pauseMillis())
                    .as("the master was open all the time")
                    .isZero();

            await().during(A_WHILE).atMost(A_WHILE.plusSeconds(2)).untilAsserted(() -> {
                assertThat(trio.query("phx1", "SELECT @@global.read_only")).isEqualTo("0");
                for (String region : NativeTrio.REPLICAS) {
                    assertThat(appliers(trio, region)).isZero();
                    assertThat(trio.query(region, "SELECT @@global.read_only")).isEqualTo("1");
                    assertThat(trio.threads(region)).isEqualTo("Yes/Yes");
                }
            });
            assertThat(writer.longestGap()).as("before: %s", before).isLessThan(Duration.ofSeconds(15));
            writer.awaitMore(50);
            trio.mysql("aws1").restart();
            trio.awaitRunning("aws1");
            trio.requireWhole(writer.stop());

            Shell.Outcome again = trio.dbctl("adopt", "--master", "phx1", "--yes");
            assertThat(again.out()).contains("handed back to native replication", "--forget");
            assertThat(trio.threads("aws1")).isEqualTo("Yes/Yes");
            assertThat(phx1.awaitExit())
                    .as("its lease ended, and it was locked out")
                    .isEqualTo(70);
            trio.stopCoordinator("aws1");
            trio.stopCoordinator("aws2");
            await().atMost(A_WHILE).untilAsserted(() -> {
                Shell.Outcome forgotten = trio.dbctl("leave", "--source", "phx1", "--forget", "--yes");
                assertThat(forgotten.out()).as(forgotten.err()).contains("removed from ZooKeeper");
            });

            for (String region : NativeTrio.NAMES) {
                remove(trio, region, report.remains());
            }
            trio.startCoordinators();
            Shell.Outcome anew = trio.dbctl("adopt", "--master", "phx1", "--yes");
            assertThat(anew.code()).as(anew.out() + anew.err()).isZero();
            trio.execute("phx1", "INSERT INTO app.t VALUES (-1, 'under Regent again')");
            trio.requireWhole(writer.acknowledged());
        }
    }

    /** As it was told. */
    private static void remove(NativeTrio trio, String region, List<String> told) throws Exception {
        List<String> statements = told.stream()
                .filter(line -> line.startsWith("    "))
                .flatMap(line -> Stream.of(line.replaceAll("--.*", "").split(";", -1)))
                .map(String::strip)
                .filter(sql -> !sql.isEmpty())
                .toList();
        assertThat(statements).hasSizeGreaterThan(6);
        trio.execute(region, statements.toArray(String[]::new));
    }
}
