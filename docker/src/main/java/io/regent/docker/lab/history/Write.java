package io.regent.docker.lab.history;

import io.regent.sql.gtid.Gtid;
import java.util.Optional;

/**
 * One transaction of one client that may change something.
 *
 * @param startNanos when it was sent, as {@link System#nanoTime}
 * @param endNanos when the client knew its outcome
 * @param client number of the client
 * @param intent what the client wanted
 * @param reply what the client was told
 * @param place where it was sent
 */
public record Write(long startNanos, long endNanos, int client, Intent intent, Reply reply, Place place) {
    /** Whether the server said OK. */
    public boolean isAcknowledged() {
        return outcome() == Outcome.ACKNOWLEDGED;
    }

    /** What the client was doing. */
    public String operation() {
        return intent.operation();
    }

    /** What the client knows. */
    public Outcome outcome() {
        return reply.outcome();
    }

    /** What the server named it. */
    public Optional<Gtid> gtid() {
        return reply.gtid();
    }

    /** The region where it was sent. */
    public String region() {
        return place.region();
    }

    /** As a message shows it. */
    public String shown() {
        String about = intent.key().isEmpty() ? "" : " " + intent.key();
        return operation() + about + (intent.value().isEmpty() ? "" : " " + intent.value()) + " at " + region();
    }
}
