package io.regent.sql.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FlatJsonTest {
    @Test
    void whatACoordinatorAnswersIsRead() throws IOException {
        Map<?, ?> read = FlatJson.parse(
                "{\"gtid\":\"a:1\", \"regions\":[\"aws1\",\"aws2\"],\"missing\":{\"phx1\":\"says \\\"no\\\"\\u0021\\n\"},"
                        + "\"none\":[],\"waitedMillis\":12,\"later\":true,\"other\":1.5}");
        assertThat(read.get("gtid")).isEqualTo("a:1");
        assertThat(read.get("regions")).isEqualTo(List.of("aws1", "aws2"));
        assertThat(read.get("missing")).isEqualTo(Map.of("phx1", "says \"no\"!\n"));
        assertThat(read.get("none")).isEqualTo(List.of());
        assertThat(read.get("waitedMillis")).isEqualTo(12L);
        assertThat(read.get("later")).isEqualTo("true");
    }

    @Test
    void anythingElseIsNoAnswer() {
        for (String text : List.of(
                "",
                "<html>",
                "[]",
                "7",
                "{\"a\"",
                "{\"a\":}",
                "{\"a\":1} x",
                "{\"a\":\"",
                "{\"a\":\"\\u00",
                "{{{{{{{")) {
            assertThatThrownBy(() -> FlatJson.parse(text)).as(text).isInstanceOf(IOException.class);
        }
    }
}
