package io.regent.coordinator.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.regent.coordinator.cli.Shell;
import io.regent.coordinator.daemon.Load.Write;
import java.time.Duration;

/**
 * What {@code dbctl history} tells of the present epoch.
 *
 * @param pause for how long no region took writes before it, at most
 */
record Told(String region, String reason, String by, Duration pause) {
    /** A write may come a while before the closing, and the next one a while after the opening. */
    private static final Duration BETWEEN_WRITES = Duration.ofMillis(500);

    /** The last renewal may be a period and a closing before the last write, and a lease longer if nobody closed. */
    private static final Duration LONGER = Duration.ofSeconds(6);

    static Told ofPresentEpoch(ThreeRegions regions) throws Exception {
        Shell.Outcome outcome =
                new Shell().run("history", "--json", "--config", regions.file().toString());
        JsonNode epochs = new ObjectMapper().readTree(outcome.out()).get("epochs");
        JsonNode last = epochs.get(epochs.size() - 1);
        assertThat(last.get("number").asLong()).isEqualTo(regions.cluster().epoch());
        assertThat(last.get("pauseMillis").isNull()).as(outcome.out()).isFalse();
        return new Told(
                last.get("region").asText(),
                last.get("reason").asText(),
                last.get("by").asText(),
                Duration.ofMillis(last.get("pauseMillis").asLong()));
    }

    /** It is no less than what clients saw from their last write there to their first one here, and not much more. */
    void pauseIsThatOf(Load load, String from, String to) {
        long last = load.writes(from).stream().mapToLong(Write::ended).max().orElseThrow();
        long first = load.writes(to).stream()
                .mapToLong(Write::ended)
                .filter(ended -> ended > last)
                .min()
                .orElseThrow();
        Duration seen = Duration.ofNanos(first - last);
        assertThat(pause).isBetween(seen.minus(BETWEEN_WRITES), seen.plus(LONGER));
    }
}
