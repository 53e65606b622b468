package io.regent.docker.lab.check;

import com.fasterxml.jackson.databind.JsonNode;
import io.regent.sql.gtid.GtidSet;
import java.io.IOException;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What the cluster says of itself: {@code dbctl history --json}.
 *
 * @param epochs number of each mastership to its region
 * @param named what the loss statement names: known to exist, and outside the history of the present epoch
 */
public record ClusterHistory(NavigableMap<Long, String> epochs, GtidSet named) {
    /**
     * Reads the answer.
     *
     * @throws IOException if it is none; the message shows it
     */
    public static ClusterHistory parse(JsonNode answer) throws IOException {
        NavigableMap<Long, String> epochs = new TreeMap<>();
        for (JsonNode epoch : answer.path("epochs")) {
            epochs.put(epoch.path("number").asLong(), epoch.path("region").asText());
        }
        if (epochs.isEmpty() || epochs.containsKey(0L) || epochs.containsValue("")) {
            throw new IOException("dbctl history --json prints no masterships: " + answer);
        }
        return new ClusterHistory(
                epochs, GtidSet.parse(answer.path("loss").path("lost").asText("")));
    }
}
