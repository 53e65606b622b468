package io.regent.coordinator.cli.stranded;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.regent.replicator.stranded.StrandedEntry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A stranded transaction for people and for their tools.
 *
 * @param entry the transaction
 * @param changes what it changed, as its table has it
 */
record StrandedText(StrandedEntry entry, JsonNode changes) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static StrandedText of(StrandedEntry entry) {
        try {
            return new StrandedText(entry, JSON.readTree(entry.changes()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("regent.stranded holds no JSON for " + entry.gtid(), e);
        }
    }

    private String disposition() {
        return entry.disposition().name().toLowerCase(Locale.ROOT);
    }

    /** One line: what it is, where it was, what it did to which rows. */
    String line() {
        Set<String> what = new LinkedHashSet<>();
        changes.path("statements").forEach(statement -> what.add(statement.asText()));
        changes.path("rows").forEach(row -> what.add(header(row)));
        String verdict =
                entry.verdict().isPresent() ? "verdict " + entry.verdict().getAsLong() : "no verdict yet";
        return entry.gtid() + "  " + entry.region() + "  " + verdict + "  " + disposition() + "  "
                + (what.isEmpty() ? "nothing" : String.join(", ", what))
                + entry.obstacle()
                        .map(why -> "  (cannot be undone: " + why + ")")
                        .orElse("")
                + entry.decision().reason().map(why -> "  (" + why + ")").orElse("");
    }

    private static String header(JsonNode row) {
        return row.path("kind").asText() + " " + row.path("table").asText() + " " + pairs(row.path("key"));
    }

    private static String pairs(JsonNode image) {
        List<String> pairs = new ArrayList<>();
        image.properties().forEach(field -> pairs.add(field.getKey() + "=" + text(field.getValue())));
        return String.join(" ", pairs);
    }

    private static String text(JsonNode value) {
        return value.isNull() ? "NULL" : value.asText();
    }

    /** Its rows with their columns before and after. */
    List<String> rows() {
        List<String> lines = new ArrayList<>();
        for (JsonNode row : changes.path("rows")) {
            lines.add("  " + header(row));
            if (row.path("before").isObject()) {
                lines.add("    before  " + pairs(row.path("before")));
            }
            if (row.path("after").isObject()) {
                lines.add("    after   " + pairs(row.path("after")));
            }
        }
        entry.decision()
                .by()
                .ifPresent(by -> lines.add("  " + disposition() + " by " + by
                        + entry.decision().at().map(at -> " at " + at).orElse("")));
        int more = changes.path("left_out").asInt();
        if (more > 0) {
            lines.add("  and " + more + " rows more");
        }
        return lines;
    }

    /** The same for {@code --json}. */
    Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("gtid", entry.gtid().toString());
        all.put("region", entry.region());
        all.put("verdict", entry.verdict().isPresent() ? entry.verdict().getAsLong() : null);
        all.put("disposition", disposition());
        all.put("obstacle", entry.obstacle().orElse(null));
        all.put("recordedAt", entry.recordedAt().toString());
        all.put("reason", entry.decision().reason().orElse(null));
        all.put("decidedBy", entry.decision().by().orElse(null));
        all.put("decidedAt", entry.decision().at().map(Object::toString).orElse(null));
        all.put("changes", changes);
        return all;
    }
}
