package io.regent.docker.lab.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.regent.docker.lab.check.Held;
import io.regent.sql.gtid.Gtid;
import java.io.IOException;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class StrandedListTest {
    private static final String ENTRY =
            "{\"gtid\": \"00000000-0000-0000-0000-000000000001:5\", \"region\": \"aws1\", \"disposition\": \"held\"}";

    @Test
    void aListAndAnObjectThatHasItSayTheSame() throws IOException {
        ObjectMapper json = new ObjectMapper();
        Held held = new Held(Gtid.of(new UUID(0, 1), 5), "aws1", Held.HELD);

        assertThat(StrandedList.parse(json.readTree("[" + ENTRY + "]"))).containsExactly(held);
        assertThat(StrandedList.parse(json.readTree("{\"stranded\": [" + ENTRY + "]}")))
                .containsExactly(held);
        assertThat(StrandedList.parse(json.readTree("[]"))).isEmpty();
    }

    @Test
    void anotherAnswerIsNotTakenForNothingStranded() throws IOException {
        assertThatThrownBy(() -> StrandedList.parse(new ObjectMapper().readTree("{\"errors\": []}")))
                .hasMessageContaining("no list");
    }
}
