package io.regent.replicator.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClosingTest {
    private final List<String> closed = new ArrayList<>();
    private final Closing closing = new Closing();

    private void add(String name, boolean fails) {
        closing.add(() -> {
            closed.add(name);
            if (fails) {
                throw new SQLException(name);
            }
        });
    }

    @Test
    void eachIsClosedThoughOthersFailTo() {
        add("first", true);
        add("second", false);
        add("third", true);
        assertThatThrownBy(closing::close)
                .isInstanceOf(SQLException.class)
                .hasMessage("first")
                .satisfies(e ->
                        assertThat(e.getSuppressed()).singleElement().asString().contains("third"));
        assertThat(closed).containsExactly("first", "second", "third");
    }

    @Test
    void anErrorBeforeIsTheOneThatCounts() {
        add("first", true);
        SQLException error = new SQLException("why all is closed");
        closing.after(error);
        assertThat(error.getSuppressed()).hasSize(1);
    }
}
