package io.regent.replicator.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.replicator.order.CausalOrder;
import io.regent.replicator.order.Delivery;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.session.Account;
import io.regent.sql.session.ServerAddress;
import io.regent.sql.session.Sessions;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StrangersTest {
    private static final UUID AWS1 = new UUID(0, 1);
    private static final Gtid STRANGE = Gtid.of(new UUID(0, 9), 94);

    private final Set<UUID> owned = new HashSet<>(Set.of(AWS1));
    private final AtomicLong now = new AtomicLong();
    private final CausalOrder passed = new CausalOrder();
    private final List<LinkFailure> ends = new ArrayList<>();
    private GtidSet target = GtidSet.EMPTY;
    private boolean unreachable;
    private final Strangers strangers =
            new Strangers(settings(), DeliveryRule.always(delivery()), passed, this::target, now::get);

    private GtidSet target() throws SQLException {
        if (unreachable) {
            throw new SQLException("gone");
        }
        return target;
    }

    private Delivery delivery() {
        return new Delivery() {
            @Override
            public Answer of(Gtid gtid) {
                return Answer.DELIVER;
            }

            @Override
            public GtidSet unowned(GtidSet foreign) {
                return foreign.restrictedTo(uuid -> !owned.contains(uuid));
            }
        };
    }

    private static LinkSettings settings() {
        Sessions nowhere = Sessions.to(ServerAddress.parse("127.0.0.1:1"), new Account("a", "b"));
        return new LinkSettings(
                "aws1", "aws2", nowhere, nowhere, Set.of(AWS1), 1, LinkSettings.Tuning.defaults(Path.of("spill")));
    }

    private void look(int millis) {
        now.addAndGet(Duration.ofMillis(millis).toNanos());
        strangers.look(ends::add);
    }

    @Test
    void theLinkStopsForGoodOnceNobodyHasOwnedItForThreeSeconds() {
        passed.passed(STRANGE);
        look(0);
        look(2999);
        assertThat(ends).isEmpty();
        look(1);
        assertThat(ends).singleElement().satisfies(end -> {
            assertThat(end.isWorthRetrying()).isFalse();
            assertThat(end).hasMessageContaining(STRANGE.toString()).hasMessageContaining("no region owns");
        });
    }

    @Test
    void anOwnerThatIsKnownInTimeEndsTheCount() {
        passed.passed(STRANGE);
        look(0);
        look(2999);
        owned.add(STRANGE.uuid());
        look(60_000);
        owned.remove(STRANGE.uuid());
        look(60_000);
        assertThat(ends).as("counted anew").isEmpty();
    }

    @Test
    void whatTheTargetHasByNowIsNotMissed() {
        passed.passed(STRANGE);
        look(0);
        target = GtidSet.of(STRANGE);
        look(60_000);
        look(60_000);
        assertThat(ends).isEmpty();
    }

    @Test
    void aTargetThatDoesNotAnswerIsAskedAgain() {
        passed.passed(STRANGE);
        look(0);
        unreachable = true;
        look(60_000);
        assertThat(ends).isEmpty();
        unreachable = false;
        look(1);
        assertThat(ends).hasSize(1);
    }

    @Test
    void whatARegionOwnsIsWaitedForAsLongAsItTakes() {
        passed.passed(Gtid.of(AWS1, 1));
        look(0);
        look(600_000);
        assertThat(ends).isEmpty();
    }
}
