package io.regent.coordinator.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.coordinator.cli.cluster.FoundingServers.Server;
import io.regent.coordinator.zookeeper.Refounding;
import io.regent.failover.model.Ended;
import io.regent.failover.model.Lease;
import io.regent.failover.model.Lineage;
import io.regent.failover.model.Verdict;
import io.regent.failover.timing.Timing;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.schema.LocalState;
import io.regent.sql.schema.Mastership;
import io.regent.sql.session.ServerState;
import io.regent.sql.session.ServerVersion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A cluster made anew of what three servers recorded: phx1 was master first, then aws1. */
class AdoptionTest {
    private static final Map<String, String> LAST_DIGIT = Map.of("phx1", "a", "aws1", "b", "aws2", "c");
    private static final Instant THEN = Instant.parse("2026-01-02T03:04:05Z");

    private final Map<String, Fake> fakes = new LinkedHashMap<>();

    AdoptionTest() {
        for (String region : List.of("phx1", "aws1", "aws2")) {
            fakes.put(region, new Fake(region));
        }
        fakes.values().forEach(fake -> fake.epoch(1, "phx1", "", fake.region.equals("phx1")));
        fakes.values().forEach(fake -> fake.epoch(2, "aws1", "phx1:1-9", fake.region.equals("aws1")));
        fakes.values().forEach(fake -> fake.executed = set("phx1:1-9,aws1:1-5"));
    }

    /** One server. */
    private static final class Fake {
        private final String region;
        private final List<LocalState.Epoch> epochs = new ArrayList<>();
        private final List<LocalState.Verdict> verdicts = new ArrayList<>();
        private final List<Mastership> masterships = new ArrayList<>();
        private boolean itself = true;
        private boolean prepared = true;
        private long guard;
        private GtidSet executed = GtidSet.EMPTY;

        Fake(String region) {
            this.region = region;
        }

        Fake epoch(long number, String master, @Nullable String cut, boolean opened) {
            epochs.add(new LocalState.Epoch(
                    number,
                    master,
                    Optional.ofNullable(cut).map(AdoptionTest::set),
                    opened ? Optional.of(THEN) : Optional.empty()));
            return this;
        }

        Fake verdict(long number, String voided) {
            verdicts.add(new LocalState.Verdict(number, set(voided), Optional.empty(), Optional.of("never-had")));
            return this;
        }

        Server server() {
            ServerState state = new ServerState(
                    uuid(region), 1, ServerVersion.parse("8.0.33"), true, true, false, executed, GtidSet.EMPTY);
            LocalState local = prepared ? new LocalState(epochs, verdicts, List.of(), 1, 7, THEN) : null;
            return new Server(local, itself, guard, masterships, state);
        }
    }

    private static UUID uuid(String region) {
        return UUID.fromString("00000000-0000-0000-0000-00000000000" + LAST_DIGIT.get(region));
    }

    private static GtidSet set(String text) {
        String full = text;
        for (String region : LAST_DIGIT.keySet()) {
            full = full.replace(region, uuid(region).toString());
        }
        return GtidSet.parse(full);
    }

    private Fake of(String region) {
        return Objects.requireNonNull(fakes.get(region));
    }

    private Adoption adoption(@Nullable String wanted, long named) {
        Map<String, Server> servers = new LinkedHashMap<>();
        fakes.forEach((region, fake) -> servers.put(region, fake.server()));
        return Adoption.of(servers, wanted, named);
    }

    private Refounding anew() {
        Adoption adoption = adoption(null, 0);
        assertThat(adoption.problems()).isEmpty();
        return adoption.refounding(Timing.standard(), "adopt");
    }

    @Test
    void theLastMasterIsNamedUnderAnEpochThatNobodyKnowsAndWithoutACut() {
        Refounding anew = anew();
        assertThat(anew.master().region()).isEqualTo("aws1");
        assertThat(anew.master().epoch()).isEqualTo(3);
        assertThat(anew.master().cut()).isNull();
        assertThat(anew.master().priorReleased()).as("everybody is closed").isTrue();
        assertThat(anew.master().attempt()).isEqualTo("adopt");
        assertThat(adoption("aws2", 0).master()).as("an operator's wish").isEqualTo("aws2");
    }

    @Test
    void theEpochIsAboveWhatZookeeperNamesAndWhatAnyGuardWasRaisedTo() {
        assertThat(adoption(null, 6).epoch()).isEqualTo(7);
        of("aws2").guard = 8;
        assertThat(adoption(null, 6).epoch()).isEqualTo(9);
    }

    @Test
    void theUnionIsAllThatAnyServerHasOfWhatTheLastEpochDelivered() {
        of("phx1").executed = set("phx1:1-12,aws1:1-7");
        of("aws1").executed = set("phx1:1-9,aws1:1-8");
        of("aws2").executed = set("phx1:1-9,aws1:1-5,aws2:1");
        Refounding anew = anew();
        assertThat(anew.union().epoch()).isEqualTo(3);
        assertThat(anew.union().to()).isEqualTo("aws1");
        assertThat(anew.union().union()).isEqualTo(set("phx1:1-9,aws1:1-8"));
    }

    @Test
    void whatAMasterWroteThatNeverOpenedInItsEpochIsNotInTheUnion() {
        fakes.values().forEach(fake -> fake.epoch(3, "aws2", "phx1:1-9,aws1:1-5", false));
        of("aws2").executed = set("phx1:1-9,aws1:1-5,aws2:1-2");
        assertThat(anew().union().union()).isEqualTo(set("phx1:1-9,aws1:1-5"));
    }

    @Test
    void anEpochThatHadNoCutYetIsJudgedByTheOneBefore() {
        fakes.values().forEach(fake -> fake.epoch(3, "aws2", null, false));
        of("aws1").executed = set("phx1:1-9,aws1:1-8");
        Refounding anew = anew();
        assertThat(anew.master().region()).isEqualTo("aws2");
        assertThat(anew.union().union()).isEqualTo(set("phx1:1-9,aws1:1-8"));
        assertThat(anew.history()).extracting(Ended::cut).containsExactly(set(""), set("phx1:1-9"), null);
    }

    @Test
    void whatAVerdictMadeVoidIsNotInTheUnion() {
        fakes.values().forEach(fake -> fake.verdict(1, "aws1:4"));
        Refounding anew = anew();
        assertThat(anew.union().union()).isEqualTo(set("phx1:1-9,aws1:1-3,aws1:5"));
        assertThat(anew.master().verdict()).isEqualTo(1);
        assertThat(anew.verdicts()).extracting(Verdict::voided).containsExactly(set("aws1:4"));
    }

    @Test
    void eachEpochEndsInTheHistoryAsThoseRememberItWhoKnowMost() {
        of("phx1").epochs.clear();
        Refounding anew = anew();
        assertThat(anew.history()).extracting(Ended::epoch).containsExactly(1L, 2L);
        assertThat(anew.history()).extracting(Ended::region).containsExactly("phx1", "aws1");
        assertThat(anew.history()).extracting(Ended::opened).containsExactly(false, true);
        assertThat(anew.history()).allMatch(Ended::released);
        assertThat(anew.history().get(1).why()).contains("founded anew");
    }

    @Test
    void ofAnEpochThatNobodyRecordedItIsSaidThatNothingIsKnown() {
        fakes.values().forEach(fake -> fake.epoch(4, "aws2", "phx1:1-9,aws1:1-5", false));
        assertThat(anew().history()).extracting(Ended::region).containsExactly("phx1", "aws1", Ended.UNKNOWN, "aws2");
        assertThat(adoption(null, 0).notes()).anyMatch(note -> note.contains("nobody recorded the epochs [3]"));
    }

    @Test
    void eachLeaseSaysWhatItsServerHasSoThatAnOlderCopyIsRecognised() {
        Lease lease = Objects.requireNonNull(anew().leases().get("aws1"));
        Lineage lineage = Objects.requireNonNull(lease.lineage());
        assertThat(lineage.server()).isEqualTo(uuid("aws1"));
        assertThat(lineage.asks()).isEqualTo(7);
        assertThat(lineage.last()).isEqualTo(set("aws1:5"));
        assertThat(anew().origins()).extracting(origin -> origin.uuid()).contains(uuid("aws2"));
    }

    @Test
    void serversThatRecordedNothingAreNoCluster() {
        fakes.values().forEach(fake -> fake.epochs.clear());
        assertThat(adoption(null, 0).problems())
                .singleElement()
                .asString()
                .contains("nothing to adopt", "dbctl init --master");
    }

    @Test
    void regionsThatContradictEachOtherAreNotReconciled() {
        of("aws2").epoch(3, "aws2", "phx1:1-9", false);
        of("phx1").epoch(3, "phx1", "phx1:1-9", false);
        assertThat(adoption(null, 0).problems()).anyMatch(problem -> problem.contains("different epochs 3"));
        of("phx1").epochs.remove(2);
        of("phx1").epoch(3, "aws2", "phx1:1-8", false);
        assertThat(adoption(null, 0).problems()).anyMatch(problem -> problem.contains("different epochs 3"));
    }

    @Test
    void verdictsThatDifferOrLackOneAreRefused() {
        of("phx1").verdict(1, "aws1:4");
        of("aws2").verdict(1, "aws1:3");
        assertThat(adoption(null, 0).problems()).anyMatch(problem -> problem.contains("different verdicts 1"));
        of("aws2").verdicts.clear();
        of("phx1").verdict(3, "aws1:2");
        assertThat(adoption(null, 0).problems()).anyMatch(problem -> problem.contains("verdict 2 is stored nowhere"));
    }

    @Test
    void aServerWithoutItsOwnRowsIsRefusedAndSoIsAMasterThatIsNotInTheFile() {
        of("phx1").itself = false;
        of("aws2").prepared = false;
        assertThat(adoption(null, 0).problems())
                .anyMatch(problem -> problem.contains("phx1 are another server's"))
                .anyMatch(problem -> problem.contains("aws2 has no regent_local"));
        fakes.remove("aws1");
        assertThat(adoption(null, 0).problems())
                .anyMatch(problem -> problem.contains("aws1, is not in the file: say --master REGION"));
    }
}
