package io.regent.coordinator.probe;

import io.regent.failover.view.Recorded;
import io.regent.sql.schema.LocalState;
import io.regent.sql.schema.LocalState.Epoch;
import java.util.Optional;

/** What a server recorded of what ZooKeeper said. */
public final class Recordings {
    private Recordings() {}

    /** The newest of them, as decisions are made of it. */
    public static Recorded of(LocalState known) {
        Optional<Epoch> newest = known.epoch();
        long opened = known.epochs().stream()
                .filter(epoch -> epoch.openedAt().isPresent())
                .mapToLong(Epoch::number)
                .max()
                .orElse(0);
        // A server that was rebuilt in the first epoch knows verdicts, and no epoch yet.
        long settled = known.settledUpTo();
        return new Recorded(
                newest.map(Epoch::number).orElse(0L),
                newest.map(Epoch::region).orElse(""),
                newest.flatMap(Epoch::cut).orElse(null),
                opened,
                settled,
                known.had(settled + 1).orElse(null));
    }
}
