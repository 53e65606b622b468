package io.regent.docker.lab.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.regent.docker.lab.Pair;
import io.regent.docker.lab.check.Checker;
import io.regent.docker.lab.check.Evidence;
import io.regent.docker.lab.check.Fates;
import io.regent.docker.lab.check.Finding;
import io.regent.docker.lab.check.Judgement;
import io.regent.docker.lab.check.rule.OneMaster;
import io.regent.docker.lab.history.History;
import io.regent.docker.lab.history.Outcome;
import io.regent.docker.lab.history.Pause;
import io.regent.docker.lab.history.Write;
import io.regent.sql.gtid.GtidSet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadIT {
    @TempDir
    private static Path directory;

    private static Pair pair;
    private static FakeCoordinators coordinators;

    @BeforeAll
    static void start() throws Exception {
        pair = new Pair(directory);
        coordinators = new FakeCoordinators(List.of("phx1", "aws1"));
    }

    @AfterAll
    static void stop() {
        coordinators.close();
        pair.close();
    }

    private static void awaitAcknowledged(History history, String region, int count) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> history.since(0).stream()
                                .filter(write ->
                                        write.isAcknowledged() && write.region().equals(region))
                                .count()
                        > count);
    }

    /** The two servers do not replicate, so only what each shows by itself counts. */
    private static List<Finding> found(History history) throws Exception {
        Evidence evidence = new Evidence(history, pair.regions(), Fates.read(pair.regions(), List.of(), GtidSet.EMPTY));
        Judgement judgement = new Judgement();
        for (Checker checker : new Identity().checkers()) {
            checker.check(evidence, judgement);
        }
        new OneMaster(Map.of()).check(evidence, judgement);
        return judgement.verdict().findings().stream()
                .filter(finding -> !finding.holds())
                .toList();
    }

    @Test
    void theHistoryNamesEveryTransactionThatWasAcknowledgedWhateverHappensToTheMaster() throws Exception {
        coordinators.name(pair.master("phx1", 1));
        GtidSet before = pair.regions().executed().values().stream().reduce(GtidSet.EMPTY, GtidSet::union);
        History history = History.inMemory();
        Load load = Load.start(Pair.load(8, 400), new MasterFinder(coordinators.addresses()), history);
        awaitAcknowledged(history, "phx1", 300);

        // A planned closing: the clients are refused, and find the other region.
        pair.execute("phx1", "SET GLOBAL read_only=ON");
        coordinators.name(pair.master("aws1", 2));
        awaitAcknowledged(history, "aws1", 100);
        // A death under load, and nobody is master for a while.
        coordinators.nameNobody();
        pair.server("aws1").kill();
        pair.server("aws1").start();
        pair.execute("aws1", "SET GLOBAL super_read_only=OFF", "SET GLOBAL read_only=OFF");
        int mark = history.size();
        coordinators.name(pair.master("aws1", 3));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> history.since(mark).stream()
                                .filter(Write::isAcknowledged)
                                .count()
                        > 50);
        load.stop();

        GtidSet executed = pair.regions().executed().values().stream().reduce(GtidSet.EMPTY, GtidSet::union);
        GtidSet written = executed.subtract(before);
        assertThat(executed.contains(history.acknowledged())).isTrue();
        // What the clients do not know of is what they call unknown.
        assertThat(written.subtract(history.acknowledged()).count())
                .isLessThanOrEqualTo(history.count(Outcome.UNKNOWN));
        assertThat(history.count(Outcome.REFUSED)).isGreaterThan(0);
        assertThat(Pause.of(history.since(0), "phx1").orElseThrow().length())
                .isBetween(Duration.ZERO, Duration.ofSeconds(5));
        assertThat(found(history)).isEmpty();
        assertThat(history.since(0).stream().map(Write::operation).distinct())
                .contains("stage", "sign-up: user", "sign-up: e-mail", "failed login", "touch idp", "remove e-mail");
    }

    @Test
    void aMasterIsLookedForAtMostAHundredTimesASecondHoweverManyClientsMissIt() {
        coordinators.nameNobody();
        int before = coordinators.asked();
        long start = System.nanoTime();
        History history = History.inMemory();
        Load load = Load.start(Pair.load(40, 400), new MasterFinder(coordinators.addresses()), history);
        await().pollDelay(Duration.ofMillis(500)).until(() -> true);
        load.stop();

        double seconds = (System.nanoTime() - start) / 1e9;
        assertThat((coordinators.asked() - before) / 2.0 / seconds).isBetween(1.0, 101.0);
        assertThat(history.size()).isZero();
    }
}
