package io.regent.docker.lab.check;

import io.regent.sql.gtid.GtidSet;
import java.util.List;

/**
 * Every acknowledged write is executed in every region and not void, or it stands in the list of stranded transactions
 * as held or released, or in the loss statement. What does neither is <em>missing</em>: it was lost in silence.
 */
final class AcknowledgedWrites implements Checker {
    private static final int MOST_SHOWN = 20;

    @Override
    public void check(Evidence evidence, Judgement judgement) {
        GtidSet acknowledged = evidence.history().acknowledged();
        judgement.examined(Invariant.NO_LOSS, acknowledged.count(), "acknowledged transactions");
        GtidSet missing = evidence.fates().missing(acknowledged);
        if (!missing.isEmpty()) {
            List<String> shown = missing.first(MOST_SHOWN).stream()
                    .map(evidence.history()::describe)
                    .toList();
            judgement.violated(Invariant.NO_LOSS, missing.count(), shown);
        }
    }
}
