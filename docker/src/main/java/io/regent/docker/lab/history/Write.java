package io.regent.docker.lab.history;

import io.regent.sql.gtid.Gtid;
import java.util.Optional;

/**
 * One statement of one client that may change something.
 *
 * @param startNanos when it was sent, as {@link System#nanoTime}
 * @param endNanos when the client knew its outcome
 * @param client number of the client
 * @param operation what the client was doing
 * @param outcome what the client was told
 * @param gtid what the server named it; none if it changed nothing or was not acknowledged
 * @param region where it was sent
 */
public record Write(
        long startNanos,
        long endNanos,
        int client,
        String operation,
        Outcome outcome,
        Optional<Gtid> gtid,
        String region) {
    /** Whether the server said OK. */
    public boolean isAcknowledged() {
        return outcome == Outcome.ACKNOWLEDGED;
    }

    /** One line of tab-separated values, in the order of the components. */
    String line() {
        return String.join(
                "\t",
                Long.toString(startNanos),
                Long.toString(endNanos),
                Integer.toString(client),
                operation,
                outcome.name(),
                gtid.map(Gtid::toString).orElse("-"),
                region);
    }
}
