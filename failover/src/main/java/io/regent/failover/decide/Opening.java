package io.regent.failover.decide;

import io.regent.failover.action.Decision;
import io.regent.failover.action.MysqlAction.Open;
import io.regent.failover.history.History;
import io.regent.failover.history.Numbers;
import io.regent.failover.model.WriteState;
import io.regent.failover.timing.Timing;
import io.regent.failover.view.LocalState;
import io.regent.failover.view.Memory.Held;
import io.regent.sql.gtid.GtidSet;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Opens the own MySQL when everything of PROTOCOL.md's section "Opening" holds; the last check is made inside mysqld.
 */
class Opening implements Rule {
    @Override
    public @Nullable Decision decide(Situation now) {
        LocalState local = now.local();
        if (local == null || !mayTry(now)) {
            return null;
        }
        if (!now.cluster().origin(now.region()).equals(Optional.of(local.uuid()))) {
            // What it wrote would travel nowhere, and be in no cut.
            return now.rest(
                    "waits: its server has the uuid " + local.uuid() + ", which is not the region's in ZooKeeper:"
                            + " 'dbctl region rejoin " + now.region() + " --new-uuid'");
        }
        long epoch = now.master().epoch();
        if (local.recorded().openedEpoch() < epoch) {
            GtidSet beside =
                    local.executed().subtract(cut(now)).subtract(now.cluster().voided());
            if (!beside.isEmpty()) {
                return Announcing.announce(now, Situation.RELEASE + "diverged");
            }
            if (!executedCut(now, local)) {
                return null;
            }
        }
        Decision quiet = Quiet.first(now);
        if (quiet != null) {
            return quiet;
        }
        String forgotten = forgotten(now);
        if (!forgotten.isEmpty()) {
            return now.rest("waits: " + Numbers.wentBack(now.region(), forgotten));
        }
        Duration wait = untilEarlierHoldersAreClosed(now);
        if (!wait.isZero()) {
            return new Decision(List.of(), "waits until no earlier holder can be open", shorter(now, wait));
        }
        Duration old = untilItsOldEpochIsForgotten(now, local);
        if (!old.isNegative() && !old.isZero()) {
            return new Decision(List.of(), "waits until no link takes its last epoch for this one", shorter(now, old));
        }
        return open(now, epoch);
    }

    private static boolean mayTry(Situation now) {
        return now.named()
                && !now.closing()
                && now.master().cut() != null
                && now.upToDate()
                && now.isIn(WriteState.STANDBY)
                && now.view().duty().active();
    }

    private static GtidSet cut(Situation now) {
        return Objects.requireNonNull(now.master().cut());
    }

    boolean executedCut(Situation now, LocalState local) {
        return local.executed().contains(cut(now));
    }

    String forgotten(Situation now) {
        return now.forgotten();
    }

    /**
     * Zero if every earlier holder gave up, or WAIT has passed since this process itself first saw the last renewal of
     * its lease. Which renewal was the last is read after the take-over: a renewal checks {@code /master}, so none can
     * have come since.
     */
    Duration untilEarlierHoldersAreClosed(Situation now) {
        return History.earlierHolders(now.cluster()).stream()
                .filter(holder -> !holder.equals(now.region()))
                .map(holder -> untilClosed(now, holder))
                .filter(left -> !left.isNegative())
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    private static Duration untilClosed(Situation now, String holder) {
        Duration ttl = now.cluster().region(holder).lease().value().ttl();
        return now.timing().waitFor(ttl).minus(now.view().memory().sinceLease(now.cluster(), holder, now.at()));
    }

    /**
     * A region that was master before, and opens again so soon that links may still use what it told them then: they
     * would take its new transactions for those of an epoch whose rows it may have undone meanwhile.
     */
    private static Duration untilItsOldEpochIsForgotten(Situation now, LocalState local) {
        long opened = local.recorded().openedEpoch();
        return opened == 0 || opened == now.master().epoch()
                ? Duration.ZERO
                : Timing.MARK_LIFE
                        .plus(now.timing().drift())
                        .minus(now.view().memory().sinceSucceeded(opened, now.at()));
    }

    private static Duration shorter(Situation now, Duration wait) {
        Duration loop = now.timing().period().dividedBy(2);
        return wait.compareTo(loop) < 0 ? wait : loop;
    }

    private static Decision open(Situation now, long epoch) {
        Held held = now.view().memory().held();
        boolean leased = held != null
                && held.epoch() == epoch
                && held.isLive(now.at(), now.timing().ttl());
        return leased && held != null
                ? now.act("opens under epoch " + epoch, new Open(epoch, held.nonce()))
                : now.rest("waits for its lease");
    }
}
