package io.regent.failover.decide;

import io.regent.failover.action.Action;
import io.regent.failover.action.Decision;
import io.regent.failover.action.MysqlAction.RaiseGuards;
import io.regent.failover.action.MysqlAction.RecordEpoch;
import io.regent.failover.action.ProcessAction.EndLinks;
import io.regent.failover.action.ProcessAction.StopLinks;
import io.regent.failover.model.WriteState;
import io.regent.failover.view.LocalState;
import io.regent.failover.view.Memory;
import io.regent.sql.gtid.GtidSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Stores a new epoch in the own MySQL: raise the guard of every source, kill what other incarnations apply, stop the own
 * links, store. The set that is read afterwards contains all that the epoch before brought [a zombie's COMMIT after the
 * reading]. Only when every verdict up to the number in {@code /master} is settled here.
 */
class Recording implements Rule {
    /** How long they may bring nothing. */
    private static final Duration HALTED = Situation.HANDING_OVER;

    @Override
    public @Nullable Decision decide(Situation now) {
        LocalState local = now.local();
        if (local == null
                || local.state() != WriteState.STANDBY
                || !now.view().duty().active()) {
            return null;
        }
        long epoch = now.master().epoch();
        if (local.recorded().isUpTo(now.master())) {
            return null;
        }
        long incarnation = now.view().duty().incarnation();
        RecordEpoch record =
                new RecordEpoch(epoch, now.master().region(), now.master().cut(), incarnation);
        if (local.recorded().epoch() == epoch) {
            return now.act("records the cut of epoch " + epoch, record);
        }
        if (isBeingHandedTheRest(now, local)) {
            return now.rest("waits for the last transactions of the master that handed over");
        }
        if (now.isOutOfTheWay()) {
            return now.rest(Situation.OUT_OF_THE_WAY);
        }
        List<Action> actions = new ArrayList<>();
        if (now.view().memory().links().running() != null) {
            actions.add(new EndLinks(incarnation));
        }
        actions.addAll(List.of(new RaiseGuards(epoch, incarnation), new StopLinks(incarnation, epoch), record));
        return now.act("records epoch " + epoch, actions.toArray(Action[]::new));
    }

    /**
     * Whether the links that run bring what is left of the cut. They may: it is what the ended epoch delivered, from a
     * master that is closed. To stop them now and to start others for a few transactions would only make the write pause
     * longer, unless they bring nothing.
     */
    private static boolean isBeingHandedTheRest(Situation now, LocalState local) {
        GtidSet cut = now.master().cut();
        return now.named()
                && now.master().priorReleased()
                && cut != null
                && !local.executed().contains(cut)
                && now.view().memory().links().running() != null
                && now.view().memory().sinceEpoch(now.cluster(), now.at()).compareTo(Situation.LONGEST_REST) < 0
                && halted(now, local).compareTo(HALTED) < 0;
    }

    /** For how long nothing has come since the region was named. */
    private static Duration halted(Situation now, LocalState local) {
        Memory memory = now.view().memory();
        Duration still = memory.sinceExecuted(local.executed(), now.at());
        Duration named = memory.sinceEpoch(now.cluster(), now.at());
        return still.compareTo(named) < 0 ? still : named;
    }
}
