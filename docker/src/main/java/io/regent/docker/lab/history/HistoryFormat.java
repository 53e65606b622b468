package io.regent.docker.lab.history;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.regent.sql.gtid.Gtid;
import java.io.IOException;
import java.util.Optional;

/** A write as one line of JSON, and back. */
final class HistoryFormat {
    private static final ObjectMapper JSON = new ObjectMapper();

    private HistoryFormat() {}

    static String line(Write write) {
        ObjectNode line = JSON.createObjectNode();
        line.put("start", write.startNanos());
        line.put("end", write.endNanos());
        line.put("client", write.client());
        line.put("op", write.operation());
        putUnlessEmpty(line, "key", write.intent().key());
        putUnlessEmpty(line, "value", write.intent().value());
        line.put("outcome", write.outcome().name());
        write.gtid().ifPresent(gtid -> line.put("gtid", gtid.toString()));
        if (write.reply().error() != 0) {
            line.put("error", write.reply().error());
        }
        line.put("region", write.region());
        line.put("epoch", write.place().epoch());
        putUnlessEmpty(line, "server", write.place().server());
        return line.toString();
    }

    private static void putUnlessEmpty(ObjectNode line, String name, String value) {
        if (!value.isEmpty()) {
            line.put(name, value);
        }
    }

    /**
     * Reads a line.
     *
     * @throws IOException if it is not one; the message shows it
     */
    static Write parse(String line) throws IOException {
        try {
            JsonNode json = JSON.readTree(line);
            return new Write(
                    json.required("start").longValue(),
                    json.required("end").longValue(),
                    json.required("client").intValue(),
                    new Intent(json.required("op").asText(), text(json, "key"), text(json, "value")),
                    new Reply(
                            Outcome.valueOf(json.required("outcome").asText()),
                            Optional.of(text(json, "gtid"))
                                    .filter(gtid -> !gtid.isEmpty())
                                    .map(Gtid::parse),
                            json.path("error").intValue()),
                    new Place(
                            json.required("region").asText(),
                            json.required("epoch").longValue(),
                            text(json, "server")));
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new IOException("not a line of a history: " + line, e);
        }
    }

    private static String text(JsonNode json, String name) {
        return json.path(name).asText("");
    }
}
