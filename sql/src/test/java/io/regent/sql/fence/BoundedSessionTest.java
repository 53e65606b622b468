package io.regent.sql.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BoundedSessionTest {
    private final List<Integer> timeouts = new ArrayList<>();
    private long now;
    private boolean lost;

    /** A session that says what its network timeout was set to. */
    private final Connection session = (Connection) Proxy.newProxyInstance(
            getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                if (lost) {
                    throw new SQLException("lost");
                }
                if (method.getName().equals("setNetworkTimeout")) {
                    timeouts.add((Integer) arguments[1]);
                }
                return null;
            });

    private final Connection bounded =
            BoundedSession.until(Duration.ofSeconds(10).toNanos(), session, () -> now);

    @Test
    void eachStatementMayTakeWhatIsLeftOfTheTime() throws SQLException {
        bounded.createStatement();
        now = Duration.ofMillis(9700).toNanos();
        bounded.prepareStatement("SELECT 1");
        assertThat(timeouts).containsExactly(10_000, 300);
    }

    @Test
    void whatComesTooLateIsNotWaitedFor() throws SQLException {
        now = Duration.ofSeconds(11).toNanos();
        bounded.createStatement();
        assertThat(timeouts).containsExactly(1);
    }

    @Test
    void anErrorOfTheSessionIsToldAsItIs() {
        lost = true;
        assertThatThrownBy(bounded::createStatement)
                .isInstanceOf(SQLException.class)
                .hasMessage("lost");
    }
}
