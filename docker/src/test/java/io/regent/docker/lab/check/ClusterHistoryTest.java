package io.regent.docker.lab.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.regent.sql.gtid.GtidSet;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClusterHistoryTest {
    private static final String LOST = "00000000-0000-0000-0000-000000000001:5-7";

    private static JsonNode json(String text) throws IOException {
        return new ObjectMapper().readTree(text);
    }

    @Test
    void mastershipsAndWhatIsNamedAsLostAreRead() throws IOException {
        ClusterHistory history = ClusterHistory.parse(json("{\"cluster\":\"identity\",\"epochs\":["
                + "{\"number\":1,\"region\":\"phx1\",\"end\":\"taken over\"},{\"number\":2,\"region\":\"aws1\"}],"
                + "\"loss\":{\"transactions\":3,\"lost\":\"" + LOST + "\"}}"));

        assertThat(history.epochs()).isEqualTo(Map.of(1L, "phx1", 2L, "aws1"));
        assertThat(history.named()).isEqualTo(GtidSet.parse(LOST));
    }

    @Test
    void nothingIsNamedWhereNothingWasLost() throws IOException {
        String text = "{\"epochs\":[{\"number\":1,\"region\":\"phx1\"}],\"loss\":null}";

        assertThat(ClusterHistory.parse(json(text)).named()).isEqualTo(GtidSet.EMPTY);
    }

    @Test
    void anotherAnswerIsNotTakenForAHistory() {
        assertThatThrownBy(() -> ClusterHistory.parse(json("{}"))).hasMessageContaining("prints no masterships: {}");
        assertThatThrownBy(() -> ClusterHistory.parse(json("{\"epochs\":[{\"epoch\":1}]}")))
                .isInstanceOf(IOException.class);
    }
}
