package io.regent.failover.decide;

import io.regent.failover.action.Decision;
import io.regent.failover.action.MysqlAction.RaiseGuards;
import io.regent.failover.action.ProcessAction.StopLinks;
import org.jspecify.annotations.Nullable;

/** Sees to it that no link of anybody applies anything while a set is judged. */
final class Quiet {
    private Quiet() {}

    /** What makes it quiet, or null if it has been quiet since before this look. */
    static @Nullable Decision first(Situation now) {
        long epoch = now.master().epoch();
        long incarnation = now.view().duty().incarnation();
        if (now.view().memory().links().quietIn(epoch, incarnation)) {
            return null;
        }
        return now.act(
                "stops links to judge its set", new RaiseGuards(epoch, incarnation), new StopLinks(incarnation, epoch));
    }
}
