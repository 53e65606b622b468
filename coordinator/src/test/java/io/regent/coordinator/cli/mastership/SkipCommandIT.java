package io.regent.coordinator.cli.mastership;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.coordinator.cli.Shell;
import io.regent.coordinator.http.CoordinatorStatus.LinkState;
import io.regent.coordinator.zookeeper.ClusterObserver;
import io.regent.coordinator.zookeeper.Differences;
import io.regent.coordinator.zookeeper.Seen;
import io.regent.coordinator.zookeeper.Seen.Found;
import io.regent.coordinator.zookeeper.Skip;
import io.regent.failover.model.Znode;
import io.regent.replicator.apply.StopReport;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What an operator lets go, with regions that say what a test lets them say. */
class SkipCommandIT extends StageFixture {
    private static final UUID ORIGIN = UUID.fromString("3e11fa47-71ca-11e1-9e33-c80aa9429562");
    private static final String GTID = Gtid.of(ORIGIN, 77).toString();
    private static final StopReport STOP = new StopReport(
            GTID,
            1032,
            "error 1032, Can't find record in 't'",
            List.of("app.t", "app.u"),
            3,
            "",
            new StopReport.Row("app.t", "UPDATE", "id=5", "id=5, a=1", "id=5, a=2", true));

    private final Shell shell = new Shell();

    private static Stage stopped(String cluster) {
        return stage(cluster)
                .healthyBut(List.of(new LinkState("phx1", "failed", STOP.cause(), 3, null, null, STOP, null)));
    }

    private static ClusterObserver observer(String cluster) throws InterruptedException {
        ClusterObserver observer = ClusterObserver.connect(zookeeper.getConnectString(), cluster, List.of());
        assertThat(observer.awaitConnected(Duration.ofSeconds(10))).isTrue();
        return observer;
    }

    private Shell.Outcome skip(Stage stage, String... words) throws Exception {
        List<String> all = new ArrayList<>(List.of("link", "skip"));
        all.addAll(List.of(words));
        all.addAll(List.of("--config", stage.file()));
        return shell.run(all.toArray(String[]::new));
    }

    @Test
    void aSkipIsWrittenDownOnceForEverWithWhatDiffersByIt() throws Exception {
        try (Stage stage = stopped("skip");
                ClusterObserver observer = observer("skip")) {
            Differences before = new Differences("2026-11-30T05:00:00Z", List.of("phx1"), 4, List.of("older"));
            assertThat(observer.setup().differ(before).isOk()).isTrue();
            Shell.Outcome unasked = skip(stage, GTID, "--why", "by hand, Ada");
            assertThat(unasked.out()).contains("not confirmed", "app.t, app.u", "commit it empty", "verify");
            assertThat(unasked.code()).isEqualTo(1);
            assertThat(all(observer)).isEmpty();

            Shell.Outcome done = skip(stage, GTID, "--why", "by hand, Ada", "--yes");
            assertThat(done.code()).as(done.out() + done.err()).isZero();
            assertThat(all(observer)).singleElement().satisfies(skip -> {
                assertThat(skip.gtid()).isEqualTo(GTID);
                assertThat(skip.why()).isEqualTo("by hand, Ada");
                assertThat(skip.link()).isEqualTo("aws1<-phx1");
                assertThat(skip.report()).isEqualTo(STOP);
            });
            assertThat(stage.look().skipped()).isEqualTo(GtidSet.parse(GTID));
            Differences marked = known(observer);
            assertThat(marked.total()).isEqualTo(7);
            assertThat(marked.regions()).containsExactlyInAnyOrder("phx1", "aws1");
            assertThat(marked.examples().get(0)).contains("skipped " + GTID, "app.t", "app.u");
            assertThat(marked.examples()).contains("older");

            Shell.Outcome again = skip(stage, GTID, "--why", "twice", "--yes");
            assertThat(again.out()).contains("skipped before", "by hand, Ada");
            assertThat(again.code()).isZero();
            assertThat(known(observer)).isEqualTo(marked);
        }
    }

    private static List<Skip> all(ClusterObserver observer) {
        Seen<List<Skip>> seen = observer.skips().all();
        assertThat(seen).isInstanceOf(Found.class);
        return ((Found<List<Skip>>) seen).value();
    }

    private static Differences known(ClusterObserver observer) {
        Seen<Znode<Differences>> seen = observer.setup().differences();
        assertThat(seen).isInstanceOf(Found.class);
        return ((Found<Znode<Differences>>) seen).value().value();
    }

    @Test
    void whatNoLinkStoppedAtOrEveryRegionHasIsRefusedByName() throws Exception {
        try (Stage stage = stopped("refused");
                ClusterObserver observer = observer("refused")) {
            String other = Gtid.of(ORIGIN, 78).toString();
            Shell.Outcome nobody = skip(stage, other, "--why", "x", "--yes");
            assertThat(nobody.out())
                    .contains("refused: no link is stopped at " + other, "link aws1<-phx1 is stopped at " + GTID);
            assertThat(nobody.code()).isEqualTo(1);
            String everywhere = Stage.CUT.first(1).get(0).toString();
            Shell.Outcome had = skip(stage, everywhere, "--why", "x", "--yes");
            assertThat(had.out()).contains("refused: " + everywhere + " is executed in every region");
            assertThat(had.code()).isEqualTo(1);
            assertThat(all(observer)).isEmpty();
        }
    }

    @Test
    void withoutZooKeeperNothingIsSkipped() throws Exception {
        try (Stage stage = stopped("gone")) {
            String file = stage.file();
            Path other = directory.resolve("unreachable.yaml");
            Files.writeString(
                    other, Files.readString(Path.of(file)).replace(zookeeper.getConnectString(), "127.0.0.1:1"));
            Shell.Outcome outcome =
                    shell.run("link", "skip", GTID, "--why", "x", "--yes", "--config", other.toString());
            assertThat(outcome.err()).contains("cannot reach ZooKeeper");
            assertThat(outcome.code()).isEqualTo(2);
        }
    }
}
