package io.regent.docker.lab.report.result;

import static io.regent.docker.lab.history.Writes.acknowledged;
import static org.assertj.core.api.Assertions.assertThat;

import io.regent.docker.lab.check.Evidence;
import io.regent.docker.lab.check.Fates;
import io.regent.docker.lab.check.Regions;
import io.regent.docker.lab.history.History;
import io.regent.docker.lab.history.Write;
import io.regent.docker.lab.report.result.MasterChange.Stranded;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class MasterChangesTest {
    private static final UUID PHX1 = new UUID(0, 1);
    private static final UUID AWS1 = new UUID(0, 2);
    private static final long ORIGIN = Duration.ofMillis(100).toNanos();

    private static Write phx1(long epoch, long number, long end) {
        return acknowledged("phx1", epoch, Gtid.of(PHX1, number), end - 5, end);
    }

    private static Write aws1(long epoch, long number, long end) {
        return acknowledged("aws1", epoch, Gtid.of(AWS1, number), end - 5, end);
    }

    private static List<MasterChange> told(String heldOfPhx1, Set<Long> planned, Write... writes) {
        History history = History.inMemory();
        List.of(writes).forEach(history::add);
        GtidSet held = heldOfPhx1.isEmpty() ? GtidSet.EMPTY : GtidSet.parse(PHX1 + ":" + heldOfPhx1);
        Fates fates = new Fates(history.acknowledged(), held, held, GtidSet.EMPTY, GtidSet.EMPTY, GtidSet.EMPTY);
        return new MasterChanges(new Evidence(history, new Regions(Map.of()), fates), ORIGIN).of(planned);
    }

    @Test
    void aMoveAndAFailoverAreToldWithPauseAndWhatWasStranded() {
        List<MasterChange> changes = told(
                "6-7",
                Set.of(2L),
                phx1(1, 1, 300),
                aws1(2, 1, 510),
                aws1(2, 2, 600),
                phx1(3, 5, 700),
                phx1(3, 6, 790),
                phx1(3, 7, 800),
                aws1(4, 9, 6300));

        assertThat(changes)
                .containsExactly(
                        new MasterChange(true, "phx1", "aws1", 2, 200, 210, Stranded.NOTHING),
                        new MasterChange(false, "aws1", "phx1", 3, 500, 100, Stranded.NOTHING),
                        new MasterChange(false, "phx1", "aws1", 4, 700, 5500, new Stranded(2, 10)));
    }

    @Test
    void aSessionThatOutlivedItsEpochCountsForTheOneItIsIn() {
        // Over a session of epoch 1, acknowledged in epoch 3.
        List<MasterChange> changes =
                told("", Set.of(), phx1(1, 1, 200), aws1(2, 1, 300), phx1(3, 2, 400), phx1(1, 3, 450), aws1(4, 2, 500));

        assertThat(changes).extracting(MasterChange::pauseMillis).containsExactly(100L, 100L, 50L);
    }

    @Test
    void anEpochWithoutAWriteIsPassedOver() {
        assertThat(told("", Set.of(), phx1(1, 1, 200), aws1(3, 1, 300)))
                .extracting(MasterChange::epoch)
                .containsExactly(3L);
        assertThat(told("", Set.of(), phx1(1, 1, 200))).isEmpty();
    }
}
