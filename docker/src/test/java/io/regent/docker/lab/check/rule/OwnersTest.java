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
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class OwnersTest {
    private static final UUID ORIGIN = new UUID(0, 1);
    private final History history = History.inMemory();

    private static Reply ok(long gtid) {
        return Reply.acknowledged(Optional.of(Gtid.of(ORIGIN, gtid)));
    }

    private void write(String operation, String token, Reply reply, long start, long end) {
        history.add(Writes.of(new Intent(operation, "n1", token), reply, start, end, new Place("phx1", 1, "")));
    }

    /** 1-9 are in every region, 11 is held, 12 released. */
    private Finding judge() {
        GtidSet everywhere = GtidSet.parse(ORIGIN + ":1-9");
        Fates fates = new Fates(
                everywhere,
                GtidSet.EMPTY,
                GtidSet.of(Gtid.of(ORIGIN, 11)),
                GtidSet.of(Gtid.of(ORIGIN, 12)),
                GtidSet.EMPTY,
                GtidSet.EMPTY);
        Judgement judgement = new Judgement();
        new Owners("claim", "give up").check(new Evidence(history, new Regions(Map.of()), fates), judgement);
        return judgement.verdict().of(Invariant.UNIQUE_KEY);
    }

    @Test
    void aNameMayGoFromHandToHand() {
        write("claim", "a", ok(1), 0, 10);
        write("give up", "a", ok(2), 20, 30);
        write("claim", "b", ok(3), 25, 40);
        write("give up", "b", Reply.unknown(0), 50, 60);
        write("claim", "c", ok(4), 70, 80);

        assertThat(judge().holds()).isTrue();
        assertThat(judge().examined()).containsExactly("3 claims that came about");
    }

    @Test
    void twoWhoOwnTheSameNameAtOnceAreFoundThoughBothGiveItUpLater() {
        write("claim", "a", ok(1), 0, 10);
        write("claim", "b", ok(2), 15, 20);
        write("give up", "a", ok(3), 30, 40);
        write("give up", "b", ok(4), 50, 60);

        assertThat(judge().examples()).containsExactly("n1 belongs to a (phx1) and to b (phx1) at once");
    }

    @Test
    void anOwnerBehindOneWhoOwnedItShortlyIsFound() {
        write("claim", "a", ok(1), 0, 10);
        write("claim", "b", ok(2), 5, 11);
        write("give up", "b", ok(3), 12, 13);
        write("claim", "c", ok(4), 20, 21);

        assertThat(judge().violations()).isEqualTo(2);
    }

    @Test
    void whatIsHeldOrReleasedOrRefusedOwnsNothingForCertain() {
        write("claim", "a", ok(1), 0, 10);
        write("claim", "held", ok(11), 15, 20);
        write("claim", "released", ok(12), 15, 20);
        write("claim", "refused", Reply.refused(1062), 15, 20);
        write("claim", "unknown", Reply.unknown(0), 15, 20);

        assertThat(judge().holds()).isTrue();
    }
}
