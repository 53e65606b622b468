package io.regent.docker.lab.load.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.regent.docker.lab.Pair;
import io.regent.docker.lab.check.Checker;
import io.regent.docker.lab.check.Evidence;
import io.regent.docker.lab.check.Fates;
import io.regent.docker.lab.check.Finding;
import io.regent.docker.lab.check.Invariant;
import io.regent.docker.lab.check.Judgement;
import io.regent.docker.lab.check.Regions;
import io.regent.docker.lab.check.Verdict;
import io.regent.docker.lab.history.History;
import io.regent.docker.lab.history.Outcome;
import io.regent.docker.lab.load.FakeCoordinators;
import io.regent.docker.lab.load.Identity;
import io.regent.docker.lab.load.Load;
import io.regent.docker.lab.load.MasterFinder;
import io.regent.docker.lab.load.Workloads;
import io.regent.docker.lab.sample.Entrance;
import io.regent.docker.lab.sample.Sample;
import io.regent.docker.lab.sample.Sampler;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.session.ServerAddress;
import io.regent.sql.session.Sessions;
import io.regent.sql.session.WriteState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One region that is closed, killed and opened again under load; then each violation is planted by hand, and found. */
class WorkloadsIT {
    private static final Workloads WORKLOADS =
            new Workloads(List.of(new Bank(), new Ledger(), new Claims(), new Identity()));

    @TempDir
    private static Path directory;

    private static Pair pair;
    private static Regions region;
    private static History history;
    private static Verdict honest;
    private static List<Sample> samples;

    @BeforeAll
    static void run() throws Exception {
        pair = new Pair(directory);
        region = new Regions(Map.of("phx1", pair.observer("phx1")));
        history = History.into(directory.resolve("history.jsonl"));
        try (Connection application =
                Sessions.to(pair.server("phx1").address(), Pair.APPLICATION).open()) {
            WORKLOADS.create(application);
        }
        try (FakeCoordinators coordinators = new FakeCoordinators(List.of("phx1"));
                Sampler sampler = sampler("samples.jsonl")) {
            coordinators.name(pair.master("phx1", 1));
            Load load =
                    Load.start(Pair.load(9, 600), WORKLOADS.all(), new MasterFinder(coordinators.addresses()), history);
            awaitAcknowledged(300);
            pair.execute("phx1", "SET GLOBAL read_only=ON", "SET GLOBAL super_read_only=ON");
            awaitSamples(sampler, 2);
            pair.execute("phx1", "SET GLOBAL super_read_only=OFF", "SET GLOBAL read_only=OFF");
            awaitAcknowledged(300);
            pair.server("phx1").kill();
            pair.server("phx1").start();
            pair.execute("phx1", "SET GLOBAL super_read_only=OFF", "SET GLOBAL read_only=OFF");
            awaitAcknowledged(300);
            load.stop();
            awaitSamples(sampler, 2);
            honest = judge(sampler);
            samples = sampler.samples();
        }
    }

    @AfterAll
    static void stop() throws Exception {
        region.close();
        history.close();
        pair.close();
    }

    private static Entrance entrance(Sessions sessions) {
        return new Entrance(sessions, sessions);
    }

    private static Sampler sampler(String file) throws Exception {
        return Sampler.start(
                Map.of("phx1", entrance(pair.observer("phx1"))), WORKLOADS.snapshotRules(), directory.resolve(file));
    }

    private static void awaitAcknowledged(int more) {
        long enough = history.count(Outcome.ACKNOWLEDGED) + more;
        await().atMost(Duration.ofSeconds(30)).until(() -> history.count(Outcome.ACKNOWLEDGED) >= enough);
    }

    private static void awaitSamples(Sampler sampler, int more) {
        int enough = sampler.samples().size() + more;
        await().atMost(Duration.ofSeconds(30)).until(() -> sampler.samples().size() >= enough);
    }

    private static Verdict judge(Checker... more) throws Exception {
        Evidence evidence = new Evidence(history, region, Fates.read(region, List.of(), GtidSet.EMPTY));
        Judgement judgement = new Judgement();
        List<Checker> all = new ArrayList<>(WORKLOADS.checkers());
        all.addAll(List.of(more));
        for (Checker checker : all) {
            checker.check(evidence, judgement);
        }
        return judgement.verdict();
    }

    /** What is found in snapshots while something is wrong, and no more at the end. */
    private static Verdict whileIs(String wrong, String right) throws Exception {
        try (Sampler sampler = sampler("planted.jsonl")) {
            awaitSamples(sampler, 1);
            pair.execute("phx1", "SET sql_log_bin=0", wrong);
            awaitSamples(sampler, 3);
            pair.execute("phx1", "SET sql_log_bin=0", right);
            return judge(sampler);
        }
    }

    private static String first(String sql) throws Exception {
        return region.rows("phx1", sql).get(0).get(0);
    }

    @Test
    void whatAServerDoesThatIsClosedAndKilledUnderLoadIsFoundRight() throws Exception {
        assertThat(honest.findings())
                .allSatisfy(finding -> assertThat(finding.examples()).isEmpty());
        assertThat(honest.holds()).isTrue();
        assertThat(honest.findings())
                .extracting(Finding::invariant)
                .containsExactlyInAnyOrder(
                        Invariant.NO_LOSS,
                        Invariant.NO_ADOPTION,
                        Invariant.INTEGRITY,
                        Invariant.EXACTLY_ONCE,
                        Invariant.CAUSAL_ORDER,
                        Invariant.CONSTANT_SUM,
                        Invariant.NO_RESURRECTED_DELETE,
                        Invariant.UNIQUE_KEY);
        assertThat(history.count(Outcome.REFUSED)).isPositive();
        assertThat(samples).extracting(Sample::state).contains(WriteState.OPEN, WriteState.SEALED);
        assertThat(Files.readAllLines(directory.resolve("samples.jsonl")).get(0))
                .contains("\"region\":\"phx1\",\"state\":\"OPEN\",\"epoch\":0,\"holder\":\"\",\"lacking\":0");
        for (String table : List.of("bank_transfer", "ledger_entry", "claim")) {
            assertThat(Integer.parseInt(first("SELECT COUNT(*) FROM identity." + table)))
                    .isPositive();
        }
        assertThat(first("SELECT COUNT(*) FROM identity.ledger_entry WHERE seen <> ''"))
                .isNotEqualTo("0");
    }

    @Test
    void theServerOfEveryWriteIsInTheHistory() throws Exception {
        String uuid = first("SELECT @@server_uuid");

        history.forEach(write -> {
            assertThat(write.place().server()).isEqualTo(uuid);
            assertThat(write.gtid().isPresent()
                            || !write.isAcknowledged()
                            || write.intent().value().isEmpty()
                            || write.operation().equals("give up"))
                    .isTrue();
        });
    }

    @Test
    void moneyThatIsMadeAndUnmadeAgainIsFoundInASnapshot() throws Exception {
        Verdict verdict = whileIs(
                "UPDATE identity.bank_account SET balance = balance + 1 WHERE id = 1",
                "UPDATE identity.bank_account SET balance = balance - 1 WHERE id = 1");

        assertThat(verdict.of(Invariant.CONSTANT_SUM).examples()).containsExactly("phx1: 20 accounts with 20001");
        assertThat(verdict.of(Invariant.EXACTLY_ONCE).violations()).isZero();
    }

    @Test
    void aTransferThatIsAppliedTwiceIsFoundThoughTheSumIsRight() throws Exception {
        String again = "UPDATE identity.bank_account SET balance = balance + IF(id = 1, %d, %d) WHERE id IN (1, 2)";
        pair.execute("phx1", "SET sql_log_bin=0", again.formatted(5, -5));

        assertThat(judge().of(Invariant.EXACTLY_ONCE).violations()).isEqualTo(2);
        pair.execute("phx1", "SET sql_log_bin=0", again.formatted(-5, 5));
        assertThat(judge().of(Invariant.EXACTLY_ONCE).violations()).isZero();
    }

    @Test
    void aCounterThatIsRaisedTwiceIsFoundInASnapshot() throws Exception {
        Verdict verdict = whileIs(
                "UPDATE identity.ledger_key SET n = n + 1 WHERE k = 'k3'",
                "UPDATE identity.ledger_key SET n = n - 1 WHERE k = 'k3'");

        assertThat(verdict.of(Invariant.EXACTLY_ONCE).examples())
                .singleElement()
                .asString()
                .startsWith("phx1: k3 counts");
    }

    @Test
    void anEntryThatIsThereTwiceIsFound() throws Exception {
        String token = first("SELECT token FROM identity.ledger_entry WHERE k = 'k1' AND n = 1");
        pair.execute(
                "phx1",
                "SET sql_log_bin=0",
                "INSERT INTO identity.ledger_entry (k, n, token, origin, seen, seen_origin)"
                        + " SELECT k, n, token, origin, seen, seen_origin FROM identity.ledger_entry WHERE token = '"
                        + token + "'");

        assertThat(judge().of(Invariant.EXACTLY_ONCE).examples())
                .containsExactly("phx1: " + token + " (acknowledged, PRESENT) is there 2 times");
        pair.execute(
                "phx1",
                "SET sql_log_bin=0",
                "DELETE FROM identity.ledger_entry WHERE token = '" + token + "' ORDER BY id DESC LIMIT 1");
    }

    @Test
    void anEntryWithoutTheOneBeforeItIsFoundInASnapshotAndOneThatIsLostAtTheEnd() throws Exception {
        String token = first("SELECT token FROM identity.ledger_entry WHERE k = 'k2' AND n = 1");
        String away = "UPDATE identity.ledger_entry SET k = '%s', token = '%s' WHERE token = '%s'";
        Verdict verdict = whileIs(away.formatted("k2-away", "-", token), away.formatted("k2", token, "-"));

        assertThat(verdict.of(Invariant.CAUSAL_ORDER).examples())
                .anyMatch(line -> line.startsWith("phx1: k2 shows number"))
                .allMatch(line -> line.startsWith("phx1: k2 shows number") || line.contains("not " + token));
        assertThat(verdict.of(Invariant.NO_LOSS).violations()).isZero();

        pair.execute("phx1", "SET sql_log_bin=0", away.formatted("k2", "-", token));
        Verdict lost = judge();
        assertThat(lost.of(Invariant.NO_LOSS).examples())
                .containsExactly("phx1: " + token + " (acknowledged, PRESENT) is there no more");
        assertThat(lost.of(Invariant.EXACTLY_ONCE).examples()).containsExactly("phx1: entries - that no client wrote");
        pair.execute("phx1", "SET sql_log_bin=0", away.formatted("k2", token, "-"));
    }

    @Test
    void anEntryThatIsShownBeforeWhatItsClientHadSeenInAnotherRegionIsFoundAtOnce() throws Exception {
        String id = first("SELECT MAX(id) FROM identity.ledger_entry WHERE seen <> ''");
        String seen = first("SELECT seen FROM identity.ledger_entry WHERE id = " + id);
        String see = "UPDATE identity.ledger_entry SET seen = '%s', seen_origin = '%s' WHERE id = " + id;
        String origin = first("SELECT origin FROM identity.ledger_entry WHERE id = " + id);
        Verdict verdict = whileIs(see.formatted("nobody", "elsewhere"), see.formatted(seen, origin));

        assertThat(verdict.of(Invariant.CAUSAL_ORDER).examples())
                .singleElement()
                .asString()
                .contains("is there, and not nobody of elsewhere, which its client had seen");
    }

    @Test
    void aClaimThatComesBackIsFound() throws Exception {
        List<String> deleted = new ArrayList<>();
        history.forEach(write -> {
            if (write.operation().equals("give up") && write.gtid().isPresent()) {
                deleted.add(write.intent().value());
            }
        });
        String token = deleted.get(0);
        pair.execute(
                "phx1",
                "SET sql_log_bin=0",
                "INSERT INTO identity.claim (name, token) VALUES ('back', '" + token + "')");

        assertThat(judge().of(Invariant.NO_RESURRECTED_DELETE).examples())
                .containsExactly("phx1: " + token + " (acknowledged, PRESENT) is there though it was deleted");
        pair.execute("phx1", "SET sql_log_bin=0", "DELETE FROM identity.claim WHERE name = 'back'");
    }

    @Test
    void anEmailThatBelongsToAnotherForAMomentIsFoundInASnapshot() throws Exception {
        String id = first("SELECT e.id FROM identity.email e JOIN identity.user u ON u.id = e.user LIMIT 1");
        String birth = first("SELECT birth FROM identity.email WHERE id = " + id);
        String mark = "UPDATE identity.email SET birth = '%s' WHERE id = " + id;
        Verdict verdict = whileIs(mark.formatted("stranger"), mark.formatted(birth));

        assertThat(verdict.of(Invariant.NO_ADOPTION).examples())
                .containsExactly("phx1: e-mail " + id + " written for stranger belongs to " + birth);
    }

    @Test
    void aUserWhoSignedUpAndIsThereNoMoreIsFound() throws Exception {
        String id = first("SELECT MAX(id) FROM identity.user");
        String birth = first("SELECT birth FROM identity.user WHERE id = " + id);
        String mark = "UPDATE identity.user SET birth = '%s' WHERE id = " + id;
        pair.execute("phx1", "SET sql_log_bin=0", mark.formatted("stranger"));

        Verdict verdict = judge();
        assertThat(verdict.of(Invariant.NO_LOSS).examples())
                .contains("phx1: " + birth + " (acknowledged, PRESENT) is there no more");
        assertThat(verdict.of(Invariant.EXACTLY_ONCE).examples()).contains("phx1: users stranger that no client wrote");
        pair.execute("phx1", "SET sql_log_bin=0", mark.formatted(birth));
    }

    @Test
    void aTableThatIsEmptiedAndFilledAgainIsFoundInASnapshot() throws Exception {
        pair.execute("phx1", "SET sql_log_bin=0", "CREATE TABLE identity.kept AS SELECT * FROM identity.bank_account");
        Verdict verdict = whileIs(
                "DELETE FROM identity.bank_account", "INSERT INTO identity.bank_account SELECT * FROM identity.kept");
        pair.execute("phx1", "SET sql_log_bin=0", "DROP TABLE identity.kept");

        assertThat(verdict.of(Invariant.CONSTANT_SUM).examples())
                .containsExactly("phx1: identity.bank_account had rows, and is empty or gone");
    }

    @Test
    void aTableThatVanishesAndComesBackIsFoundInASnapshot() throws Exception {
        Verdict verdict = whileIs(
                "RENAME TABLE identity.ledger_key TO identity.away",
                "RENAME TABLE identity.away TO identity.ledger_key");

        assertThat(verdict.of(Invariant.EXACTLY_ONCE).examples())
                .containsExactly("phx1: identity.ledger_key had rows, and is empty or gone");
    }

    @Test
    void aReaderThatFailedIsNotTakenForOneThatSawNothing() throws Exception {
        Sampler sampler = Sampler.start(
                Map.of("phx1", entrance(pair.observer("phx1"))), WORKLOADS.snapshotRules(), Path.of("/dev/full"));
        await().atMost(Duration.ofSeconds(30)).until(() -> !sampler.samples().isEmpty());

        assertThatThrownBy(() -> await().atMost(Duration.ofSeconds(30)).until(() -> {
                    judge(sampler);
                    return false;
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("a sampler failed");
        sampler.close();
    }

    @Test
    void aRegionOfWhichNoSnapshotWasTakenProvesNothing() throws Exception {
        Sessions nobody = Sessions.to(
                new ServerAddress("127.0.0.1", 1), pair.observer("phx1").account());
        try (Sampler sampler = Sampler.start(
                Map.of("phx1", entrance(nobody)), WORKLOADS.snapshotRules(), directory.resolve("none.jsonl"))) {
            Verdict verdict = judge(sampler);

            assertThat(verdict.of(Invariant.CONSTANT_SUM).examples())
                    .singleElement()
                    .asString()
                    .startsWith("phx1: no snapshot of identity.bank_account was taken, so nothing is proved there");
        }
    }
}
