package io.regent.docker.lab.check.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.docker.lab.check.Evidence;
import io.regent.docker.lab.check.Fates;
import io.regent.docker.lab.check.Finding;
import io.regent.docker.lab.check.Invariant;
import io.regent.docker.lab.check.Judgement;
import io.regent.docker.lab.check.Regions;
import io.regent.docker.lab.history.History;
import io.regent.docker.lab.history.Intent;
import io.regent.docker.lab.history.Place;
import io.regent.docker.lab.history.Reply;
import io.regent.docker.lab.history.Writes;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TokensTest {
    private static final UUID ORIGIN = new UUID(0, 1);
    private static final Tokens RULE = new Tokens("claims", "claim", "give up", "");

    private final History history = History.inMemory();
    private long number;

    private static Reply refused() {
        return Reply.refused(1062);
    }

    private static Reply unknown() {
        return Reply.unknown(0);
    }

    private Reply ok(long gtid) {
        return Reply.acknowledged(Optional.of(Gtid.of(ORIGIN, gtid)));
    }

    private void write(String operation, String token, Reply reply) {
        number++;
        history.add(Writes.of(new Intent(operation, "n1", token), reply, number, number + 1, new Place("phx1", 1, "")));
    }

    /** 1-9 are in every region, 11 is held, 12 released, 13 discarded, 14 nowhere. */
    private List<Finding> judge(String... rows) {
        Fates fates = new Fates(set("1-9:11-13"), set("11-13"), set("11"), set("12"), set("13"), GtidSet.EMPTY);
        Judgement judgement = new Judgement();
        RULE.judge("aws1", List.of(rows), new Evidence(history, new Regions(Map.of()), fates), judgement);
        return judgement.verdict().findings();
    }

    private static GtidSet set(String numbers) {
        return GtidSet.parse(ORIGIN + ":" + numbers);
    }

    private void violates(Invariant invariant, String text, String... rows) {
        List<Finding> findings = judge(rows);
        assertThat(findings).hasSize(1);
        assertThat(findings.get(0).invariant()).isEqualTo(invariant);
        assertThat(findings.get(0).examples()).containsExactly(text);
    }

    @Test
    void whatWasAcknowledgedIsThereOnce() {
        write("claim", "a", ok(1));

        assertThat(judge("a")).isEmpty();
        violates(Invariant.NO_LOSS, "aws1: a (acknowledged, PRESENT) is there no more");
        violates(Invariant.EXACTLY_ONCE, "aws1: a (acknowledged, PRESENT) is there 2 times", "a", "a");
    }

    @Test
    void whatWasRefusedIsNotThere() {
        write("claim", "a", refused());

        assertThat(judge()).isEmpty();
        violates(Invariant.EXACTLY_ONCE, "aws1: a (REFUSED) is there though nothing of it may be", "a");
    }

    @Test
    void whatHasAnUnknownOutcomeIsThereOrNotButNotTwice() {
        write("claim", "a", unknown());

        assertThat(judge()).isEmpty();
        assertThat(judge("a")).isEmpty();
        violates(Invariant.EXACTLY_ONCE, "aws1: a (UNKNOWN) is there 2 times", "a", "a");
    }

    @Test
    void whatIsHeldOrDiscardedLeaksNowhereAndWhatIsReleasedIsThere() {
        write("claim", "held", ok(11));
        write("claim", "released", ok(12));
        write("claim", "discarded", ok(13));

        assertThat(judge("released")).isEmpty();
        violates(
                Invariant.EXACTLY_ONCE,
                "aws1: held (acknowledged, HELD) is there though nothing of it may be",
                "held",
                "released");
        violates(
                Invariant.EXACTLY_ONCE,
                "aws1: discarded (acknowledged, DISCARDED) is there though nothing of it may be",
                "discarded",
                "released");
        violates(Invariant.NO_LOSS, "aws1: released (acknowledged, RELEASED) is there no more");
    }

    @Test
    void whatIsMissingIsToldByItsGtidAndNotOnceMoreByItsRow() {
        write("claim", "a", ok(14));

        assertThat(judge()).isEmpty();
        assertThat(judge("a")).isEmpty();
    }

    @Test
    void aDeletedRowStaysSo() {
        write("claim", "a", ok(1));
        write("give up", "a", ok(2));

        assertThat(judge()).isEmpty();
        violates(
                Invariant.NO_RESURRECTED_DELETE, "aws1: a (acknowledged, PRESENT) is there though it was deleted", "a");
    }

    @Test
    void aRowWhoseDeletionIsStrandedIsThere() {
        write("claim", "a", ok(1));
        write("give up", "a", ok(11));

        assertThat(judge("a")).isEmpty();
        violates(Invariant.NO_LOSS, "aws1: a (acknowledged, PRESENT) is there no more");
    }

    @Test
    void aDeletionThatFoundNothingOrWasRefusedDeletesNothingAndAnUnknownOneMayHave() {
        write("claim", "a", ok(1));
        write("give up", "a", Reply.acknowledged(Optional.empty()));
        write("give up", "a", refused());
        write("claim", "b", ok(2));
        write("give up", "b", unknown());
        write("give up", "b", refused());

        assertThat(judge("a", "b")).isEmpty();
        assertThat(judge("a")).isEmpty();
        violates(Invariant.NO_LOSS, "aws1: a (acknowledged, PRESENT) is there no more", "b");
    }

    @Test
    void aRowThatNoClientWroteIsFound() {
        violates(Invariant.EXACTLY_ONCE, "aws1: claims z that no client wrote", "z");
    }
}
