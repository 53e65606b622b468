package io.regent.coordinator.execute;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.failover.history.Deliverable;
import io.regent.failover.history.SourceEpoch;
import io.regent.replicator.order.Delivery;
import io.regent.replicator.order.Delivery.Answer;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** phx1, which is master, has a cut at 90 with 80 void; its link may be absent. */
class LinkDeliveryTest {
    private static final UUID PHX1 = new UUID(0, 1);
    private static final UUID AWS3 = new UUID(0, 3);
    private static final UUID NOBODY = new UUID(0, 9);
    private static final Set<UUID> OWNED = new HashSet<>(Set.of(PHX1, AWS3));
    private static final Deliverable DELIVERABLE = new Deliverable(
            7,
            set(PHX1, "1-79:81-90").union(set(AWS3, "1-5")),
            "phx1",
            PHX1,
            1,
            set(PHX1, "80"),
            set(PHX1, "80:85:95:300"));

    private static GtidSet set(UUID uuid, String intervals) {
        return GtidSet.parse(uuid + ":" + intervals);
    }

    private final AtomicBoolean opened = new AtomicBoolean(true);
    private final AtomicBoolean away = new AtomicBoolean();

    private static Delivery withAbsent(UUID... absent) {
        PassedOn nothing = PassedOn.by(SourceEpoch.unknown("phx1"), DELIVERABLE, () -> true, () -> false);
        return new LinkDelivery(
                DELIVERABLE,
                gtid -> gtid.number() < 200,
                nothing,
                Set.of(absent)::contains,
                OWNED::contains,
                awaited -> "");
    }

    /** Of aws2, which lives in epoch 7 and had phx1's transactions up to 120. */
    private Delivery ofAws2() {
        SourceEpoch said = new SourceEpoch("aws2", 7, 0, 1, set(PHX1, "1-120").union(set(AWS3, "1-5")));
        return new LinkDelivery(
                DELIVERABLE,
                DELIVERABLE.from(said),
                PassedOn.by(said, DELIVERABLE, opened::get, away::get),
                uuid -> away.get(),
                OWNED::contains,
                awaited -> "");
    }

    @Test
    void ofTheMastersEpochIsRelayedWhatTheSourceHadAndTheRestIsHeldUntilItSaysSo() {
        Delivery delivery = ofAws2();
        assertThat(delivery.relays(Gtid.of(PHX1, 91)))
                .as("its own link delivers")
                .isFalse();
        assertThat(delivery.standsIn()).isFalse();
        away.set(true);
        assertThat(delivery.standsIn()).isTrue();
        assertThat(delivery.relays(Gtid.of(PHX1, 91))).isTrue();
        assertThat(delivery.of(Gtid.of(PHX1, 91))).isEqualTo(Answer.DELIVER);
        assertThat(delivery.of(Gtid.of(PHX1, 95))).as("skipped").isEqualTo(Answer.SKIP);
        assertThat(delivery.relays(Gtid.of(PHX1, 121))).isTrue();
        assertThat(delivery.of(Gtid.of(PHX1, 121))).isEqualTo(Answer.HOLD);
        assertThat(delivery.relayed(set(PHX1, "85-130"))).isEqualTo(set(PHX1, "85-120"));
        assertThat(delivery.relays(Gtid.of(AWS3, 6)))
                .as("nobody's that is master")
                .isFalse();
        away.set(false);
        assertThat(delivery.of(Gtid.of(PHX1, 91))).as("begun already").isEqualTo(Answer.DELIVER);
    }

    @Test
    void beforeTheMasterIsKnownToHaveOpenedNothingBeyondTheCutIsRelayed() {
        opened.set(false);
        away.set(true);
        Delivery delivery = ofAws2();
        assertThat(delivery.relays(Gtid.of(PHX1, 90))).isTrue();
        assertThat(delivery.relays(Gtid.of(PHX1, 91))).isFalse();
        assertThat(delivery.of(Gtid.of(PHX1, 91))).isEqualTo(Answer.HOLD);
        assertThat(delivery.standsIn()).isFalse();
        opened.set(true);
        assertThat(delivery.relays(Gtid.of(PHX1, 91))).as("known since").isTrue();
    }

    @Test
    void insideTheCutIsRelayedWhileItsOwnLinkIsAbsentAndBeyondItNotByWhoMayNot() {
        Delivery delivery = withAbsent(PHX1);
        assertThat(delivery.relays(Gtid.of(PHX1, 90))).isTrue();
        assertThat(delivery.relays(Gtid.of(PHX1, 91))).isFalse();
        assertThat(delivery.relays(Gtid.of(AWS3, 5))).isFalse();
        assertThat(withAbsent().relays(Gtid.of(PHX1, 90))).isFalse();
    }

    @Test
    void whatNoRegionOwnsAndNoCutHoldsIsBroughtByNobodyUntilItsUuidIsKnown() {
        Delivery delivery = withAbsent(PHX1);
        GtidSet stranger = set(NOBODY, "1-3");
        assertThat(delivery.unowned(stranger.union(set(PHX1, "1-200")).union(set(AWS3, "1-9"))))
                .isEqualTo(stranger);
        OWNED.add(NOBODY);
        assertThat(delivery.unowned(stranger)).as("known since").isEqualTo(GtidSet.EMPTY);
        OWNED.remove(NOBODY);
        OWNED.remove(PHX1);
        assertThat(delivery.unowned(set(PHX1, "78-91")))
                .as("of an origin that is gone")
                .isEqualTo(set(PHX1, "91"));
        OWNED.add(PHX1);
    }

    @Test
    void whatIsVoidIsRelayedEmpty() {
        Gtid gtid = Gtid.of(PHX1, 80);
        assertThat(withAbsent(PHX1).relays(gtid)).isTrue();
        assertThat(withAbsent(PHX1).of(gtid)).isEqualTo(Answer.VOID);
    }

    @Test
    void whatIsSkippedIsCommittedEmptyWhereItIsHistoryAndHeldWhereItIsNot() {
        Delivery delivery = withAbsent();
        assertThat(delivery.of(Gtid.of(PHX1, 85))).isEqualTo(Answer.SKIP);
        assertThat(delivery.of(Gtid.of(PHX1, 95))).as("beyond the cut").isEqualTo(Answer.SKIP);
        assertThat(delivery.of(Gtid.of(PHX1, 96))).isEqualTo(Answer.DELIVER);
        assertThat(delivery.of(Gtid.of(PHX1, 80))).as("void too").isEqualTo(Answer.VOID);
        assertThat(delivery.of(Gtid.of(PHX1, 300))).as("not history").isEqualTo(Answer.HOLD);
    }

    @Test
    void aSetIsAnsweredAsEachOfItsTransactions() {
        Delivery delivery = withAbsent(PHX1);
        GtidSet asked = set(PHX1, "78-95").union(set(AWS3, "1-9"));
        GtidSet relayed = delivery.relayed(asked);
        assertThat(relayed).isEqualTo(set(PHX1, "78-90"));
        for (Gtid gtid : asked.first(100)) {
            assertThat(delivery.relays(gtid)).as("%s", gtid).isEqualTo(relayed.contains(gtid));
        }
    }
}
