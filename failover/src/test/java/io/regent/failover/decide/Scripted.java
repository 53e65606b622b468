package io.regent.failover.decide;

import io.regent.failover.action.Decision;
import io.regent.failover.timing.Timing;
import io.regent.failover.view.RegionView;
import java.util.List;
import java.util.function.Function;

/** Rules that decide what a test wants. */
public final class Scripted {
    private Scripted() {}

    /** Of a region. */
    public static RegionRules region(Function<RegionView, Decision> script) {
        return new RegionRules(Timing.standard(), List.of(now -> script.apply(now.view())));
    }

    /** Of an observer, asked only if it is active and sees the cluster. */
    public static ObserverRules observer(Function<RegionView, Decision> script) {
        return new ObserverRules(Timing.standard(), List.of(now -> script.apply(now.view())));
    }
}
