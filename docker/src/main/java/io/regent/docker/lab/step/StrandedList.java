package io.regent.docker.lab.step;

import com.fasterxml.jackson.databind.JsonNode;
import io.regent.docker.lab.check.Held;
import io.regent.docker.lab.check.HeldList;
import io.regent.sql.gtid.Gtid;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What {@code dbctl stranded list --json} says: a list of objects, or an object that has it as {@code stranded}. */
final class StrandedList implements HeldList {
    private final Stage stage;

    StrandedList(Stage stage) {
        this.stage = stage;
    }

    @Override
    public List<Held> all() throws IOException {
        return parse(stage.quietly("stranded", "list", "--json").answered().json());
    }

    static List<Held> parse(JsonNode answer) throws IOException {
        JsonNode list = answer.isArray() ? answer : answer.path("stranded");
        if (!list.isArray()) {
            throw new IOException("dbctl stranded list --json prints no list: " + answer);
        }
        List<Held> all = new ArrayList<>();
        for (JsonNode one : list) {
            all.add(new Held(
                    Gtid.parse(one.path("gtid").asText()),
                    one.path("region").asText(),
                    one.path("disposition").asText()));
        }
        return all;
    }
}
