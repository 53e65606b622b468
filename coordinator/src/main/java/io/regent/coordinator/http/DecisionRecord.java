package io.regent.coordinator.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A decision of a coordinator and what it saw when it made it.
 *
 * @param at when, ISO 8601
 * @param region whose coordinator decided
 * @param coordinator its name
 * @param reason what it did or waited for, and why
 * @param trouble what its last action that was not done failed of; empty if all were
 * @param epoch the cluster's epoch; null if ZooKeeper did not answer
 * @param master the region that it names; null if ZooKeeper did not answer
 * @param office {@code controller}, {@code active} or {@code stands by}
 * @param mysql what its own MySQL was
 * @param links by source, what the links into it were
 */
public record DecisionRecord(
        String at,
        String region,
        String coordinator,
        String reason,
        String trouble,
        @Nullable Long epoch,
        @Nullable String master,
        String office,
        String mysql,
        Map<String, String> links) {
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** Copies the links. */
    public DecisionRecord {
        links = Map.copyOf(links);
    }

    /** As {@code /decisions} shows them. */
    static String json(List<DecisionRecord> decisions) {
        try {
            return JSON.writeValueAsString(decisions);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("decisions have no JSON", e);
        }
    }

    /**
     * Reads what {@link #json} wrote, of a later version too.
     *
     * @throws IllegalArgumentException if it is anything else
     */
    public static List<DecisionRecord> parse(String json) {
        try {
            return List.of(JSON.readValue(json, DecisionRecord[].class));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a coordinator's decisions: " + e.getOriginalMessage(), e);
        }
    }
}
