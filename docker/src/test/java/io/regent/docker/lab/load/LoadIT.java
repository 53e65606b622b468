package io.regent.docker.lab.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.regent.docker.lab.Pair;
import io.regent.docker.lab.check.Checker;
import io.regent.docker.lab.check.Evidence;
import io.regent.docker.lab.check.Fates;
import io.regent.docker.lab.check.Finding;
import io.regent.docker.lab.check.Invariant;
import io.regent.docker.lab.check.Judgement;
import io.regent.docker.lab.check.Verdict;
import io.regent.docker.lab.check.rule.OneMaster;
import io.regent.docker.lab.history.History;
import io.regent.docker.lab.history.Outcome;
import io.regent.docker.lab.history.Pause;
import io.regent.docker.lab.history.Write;
import io.regent.docker.lab.load.workload.Claims;
import io.regent.docker.lab.load.workload.Stubborn;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.session.ServerAddress;
import io.regent.sql.session.Sessions;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadIT {
    /** Of another application than the usual load's, whose rows are to be those of its own clients alone. */
    private static final LoadSettings OTHER = new LoadSettings(Pair.APPLICATION, 4, 200, 12);

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

    private static Evidence evidence(History history) throws Exception {
        return new Evidence(history, pair.regions(), Fates.read(pair.regions(), List.of(), GtidSet.EMPTY));
    }

    private static Verdict judged(History history) throws Exception {
        Judgement judgement = new Judgement();
        new OneMaster(Map.of(1L, "phx1", 2L, "aws1")).check(evidence(history), judgement);
        return judgement.verdict();
    }

    /** The two servers do not replicate, so only what each shows by itself counts. */
    private static List<Finding> found(History history) throws Exception {
        Evidence evidence = evidence(history);
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
    void anOldMasterThatTakesWritesAgainIsFoundByTheClientWhoAsksNobody() throws Exception {
        coordinators.name(pair.master("phx1", 1));
        for (String region : List.of("phx1", "aws1")) {
            pair.execute(region, "SET GLOBAL super_read_only=OFF", "SET GLOBAL read_only=OFF");
            try (Connection application =
                    Sessions.to(pair.server(region).address(), Pair.APPLICATION).open()) {
                new Stubborn().create(application);
                new Claims().create(application);
            }
        }
        pair.execute("aws1", "SET GLOBAL super_read_only=ON");
        History history = History.inMemory();
        Load load = Load.start(OTHER, List.of(new Claims()), new MasterFinder(coordinators.addresses()), history);
        Map<String, ServerAddress> servers = Map.of(
                "phx1",
                pair.server("phx1").address(),
                "aws1",
                pair.server("aws1").address());
        load.insist(OTHER, new Stubborn(), servers, history);
        awaitAcknowledged(history, "phx1", 100);
        pair.execute("phx1", "SET GLOBAL super_read_only=ON");
        pair.execute("aws1", "SET GLOBAL super_read_only=OFF", "SET GLOBAL read_only=OFF");
        coordinators.name(pair.master("aws1", 2));
        awaitAcknowledged(history, "aws1", 100);
        int mark = history.size();
        assertThat(judged(history).of(Invariant.AT_MOST_ONE_MASTER).violations())
                .isZero();

        // All clients of the application are gone to aws1.
        pair.execute("phx1", "SET GLOBAL super_read_only=OFF", "SET GLOBAL read_only=OFF");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> history.since(mark).stream()
                        .anyMatch(write ->
                                write.isAcknowledged() && write.region().equals("phx1")));
        load.stop();

        assertThat(judged(history).of(Invariant.AT_MOST_ONE_MASTER).examples())
                .isNotEmpty()
                .allMatch(line -> line.startsWith("phx1, whose client had asked nobody, acknowledged "));
        Judgement told = new Judgement();
        load.insistence().check(evidence(history), told);
        assertThat(told.verdict().of(Invariant.AT_MOST_ONE_MASTER).examined())
                .hasSize(2)
                .anyMatch(line -> line.endsWith("writes refused to a client of aws1 that asks nobody who is master"));
        // Of refusals in a row one is kept.
        assertThat(history.since(0).stream()
                        .filter(write -> write.operation().equals("insist") && write.outcome() == Outcome.REFUSED)
                        .count())
                .isBetween(2L, 6L);
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
