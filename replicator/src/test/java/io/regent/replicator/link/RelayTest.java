package io.regent.replicator.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.replicator.order.CausalOrder;
import io.regent.replicator.order.Delivery;
import io.regent.replicator.order.SourceMark;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.session.Account;
import io.regent.sql.session.ServerAddress;
import io.regent.sql.session.Sessions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RelayTest {
    private static final UUID AWS1 = new UUID(0, 1);
    private static final UUID PHX1 = new UUID(0, 2);
    private static final Gtid FOREIGN = Gtid.of(PHX1, 94);

    private final AtomicBoolean absent = new AtomicBoolean();
    private final AtomicLong now = new AtomicLong();
    private final CausalOrder passed = new CausalOrder();
    private final Relay relay = new Relay(
            settings(),
            DeliveryRule.always(Terms.withoutMastership(relaying()).admission().under(SourceMark.UNKNOWN)),
            passed,
            now::get);

    private Delivery relaying() {
        return new Delivery() {
            @Override
            public Answer of(Gtid gtid) {
                return Answer.DELIVER;
            }

            @Override
            public boolean relays(Gtid foreign) {
                return absent.get();
            }

            @Override
            public GtidSet relayed(GtidSet foreign) {
                return absent.get() ? foreign : GtidSet.EMPTY;
            }
        };
    }

    private static LinkSettings settings() {
        Sessions nowhere = Sessions.to(ServerAddress.parse("127.0.0.1:1"), new Account("a", "b"));
        return new LinkSettings(
                "aws1", "aws2", nowhere, nowhere, Set.of(AWS1), 1, LinkSettings.Tuning.defaults(Path.of("spill")));
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    @Test
    void ownTransactionsAreCarriedAndForeignOnesOnlyWhileTheirLinkIsAbsent() {
        assertThat(relay.carries(Gtid.of(AWS1, 1))).isTrue();
        assertThat(relay.carries(FOREIGN)).isFalse();
        absent.set(true);
        assertThat(relay.carries(FOREIGN)).isTrue();
    }

    @Test
    void whatWasDecidedWhenATransactionBeganHoldsUntilItsEnd() {
        absent.set(true);
        assertThat(relay.carries(FOREIGN)).isTrue();
        absent.set(false);
        assertThat(relay.carriesLast()).isTrue();
    }

    @Test
    void aRunIsOverdueOnceThreeSecondsLongSomethingHasPassedThatItShouldRelay() {
        passed.passed(FOREIGN);
        assertThat(relay.isOverdue()).isFalse();
        pass(Duration.ofSeconds(60));
        assertThat(relay.isOverdue()).as("its own link delivers").isFalse();
        absent.set(true);
        assertThat(relay.isOverdue()).as("absent for a moment only").isFalse();
        pass(Duration.ofMillis(2999));
        assertThat(relay.isOverdue()).isFalse();
        pass(Duration.ofMillis(1));
        assertThat(relay.isOverdue()).isTrue();
    }

    @Test
    void aLinkThatComesBackInTimeAndDeliversEndsTheCount() {
        passed.passed(FOREIGN);
        absent.set(true);
        assertThat(relay.isOverdue()).isFalse();
        pass(Duration.ofSeconds(2));
        absent.set(false);
        passed.targetHas(GtidSet.of(FOREIGN));
        assertThat(relay.isOverdue()).isFalse();
        absent.set(true);
        passed.passed(Gtid.of(FOREIGN.uuid(), 8));
        assertThat(relay.isOverdue()).isFalse();
        pass(Duration.ofSeconds(2));
        assertThat(relay.isOverdue()).isFalse();
    }

    @Test
    void aLinkThatComesAndGoesDoesNotPutOffForEverWhatItDoesNotBring() {
        passed.passed(FOREIGN);
        for (int i = 0; i < 3; i++) {
            absent.set(true);
            assertThat(relay.isOverdue()).isFalse();
            pass(Duration.ofMillis(500));
            absent.set(false);
            assertThat(relay.isOverdue()).as("it is there").isFalse();
            pass(Duration.ofMillis(500));
        }
        assertThat(relay.isOverdue()).as("there again, and may deliver").isFalse();
        absent.set(true);
        assertThat(relay.isOverdue()).isTrue();
    }

    @Test
    void whatTheTargetGotMeanwhileIsNotMissed() {
        passed.passed(FOREIGN);
        absent.set(true);
        assertThat(relay.isOverdue()).isFalse();
        passed.targetHas(GtidSet.of(FOREIGN));
        pass(Duration.ofSeconds(60));
        assertThat(relay.isOverdue()).isFalse();
    }
}
