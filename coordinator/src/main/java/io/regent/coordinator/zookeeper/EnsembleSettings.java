package io.regent.coordinator.zookeeper;

import java.time.Duration;

/**
 * How to reach ZooKeeper.
 *
 * @param servers {@code host:port,host:port}
 * @param session the session timeout to ask for; the servers grant theirs
 * @param answerWithin how long one request may take before its outcome counts as unknown; well below the session
 */
public record EnsembleSettings(String servers, Duration session, Duration answerWithin) {
    /** @throws IllegalArgumentException if a request could outlast the session */
    public EnsembleSettings {
        if (answerWithin.compareTo(session) >= 0 || answerWithin.isNegative() || answerWithin.isZero()) {
            throw new IllegalArgumentException("answerWithin " + answerWithin + " must be within session " + session);
        }
    }
}
