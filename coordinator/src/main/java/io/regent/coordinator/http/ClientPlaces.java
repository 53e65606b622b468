package io.regent.coordinator.http;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many requests of each client wait. That a client left is not seen before it is answered, so no client may hold all
 * places. For every thread.
 */
final class ClientPlaces {
    private final int most;
    private final Map<String, Integer> taken = new ConcurrentHashMap<>();

    /** @param most how many of one client may wait at a time */
    ClientPlaces(int most) {
        this.most = most;
    }

    /** Whether there was one more; whoever got it gives it back. */
    boolean take(String client) {
        boolean[] got = {false};
        taken.compute(client, (name, held) -> {
            int before = held == null ? 0 : held;
            got[0] = before < most;
            return got[0] ? before + 1 : before;
        });
        return got[0];
    }

    void giveBack(String client) {
        taken.computeIfPresent(client, (name, held) -> held == 1 ? null : held - 1);
    }
}
