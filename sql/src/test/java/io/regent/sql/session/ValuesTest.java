package io.regent.sql.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ValuesTest {
    @Test
    void anAddressIsReadWithAndWithoutAPort() {
        assertThat(ServerAddress.parse("db.phx1:3307")).isEqualTo(new ServerAddress("db.phx1", 3307));
        assertThat(ServerAddress.parse("db.phx1")).isEqualTo(new ServerAddress("db.phx1", 3306));
        assertThat(ServerAddress.parse("[::1]:3307")).isEqualTo(new ServerAddress("::1", 3307));
        assertThat(ServerAddress.parse("[fe80::1]")).isEqualTo(new ServerAddress("fe80::1", 3306));
    }

    @Test
    void anAddressIsWrittenAsItIsRead() {
        for (String text : List.of("db.phx1:3307", "[::1]:3306")) {
            assertThat(ServerAddress.parse(text)).hasToString(text);
        }
    }

    @Test
    void whatIsNoAddressIsRefused() {
        for (String text : List.of("", ":3306", "a:b", "a:0", "a:65536", "::1", "[::1", "[::1]3306", "a/b", "a?x=y")) {
            assertThatIllegalArgumentException().as(text).isThrownBy(() -> ServerAddress.parse(text));
        }
    }

    @Test
    void anAccountDoesNotShowItsPassword() {
        assertThat(new Account("regent", "secret").toString())
                .contains("regent")
                .doesNotContain("secret");
    }

    @Test
    void versionsAreComparedByNumber() {
        assertThat(ServerVersion.parse("8.0.33-log").atLeast(8, 0, 4)).isTrue();
        assertThat(ServerVersion.parse("8.4.0").atLeast(9, 0, 0)).isFalse();
        assertThat(ServerVersion.parse("9.7.4")).isGreaterThan(ServerVersion.parse("8.4.10"));
    }

    @Test
    void aServerIsOpenUntilReadOnlyItselfIsOn() {
        assertThat(WriteState.of(false, false)).isEqualTo(WriteState.OPEN);
        assertThat(WriteState.of(false, true)).isEqualTo(WriteState.OPEN);
        assertThat(WriteState.of(true, false)).isEqualTo(WriteState.STANDBY);
        assertThat(WriteState.of(true, true)).isEqualTo(WriteState.SEALED);
    }

    @Test
    void aDeadlockIsTransientAndLeavesTheSession() {
        SQLException deadlock = new SQLException("deadlock", "40001", MysqlErrors.DEADLOCK);
        assertThat(MysqlErrors.isTransient(deadlock)).isTrue();
        assertThat(MysqlErrors.isConnectionLost(deadlock)).isFalse();
    }

    @Test
    void aCutLinkLosesTheSession() {
        assertThat(MysqlErrors.isConnectionLost(new SQLNonTransientConnectionException("cut", "08S01", 0)))
                .isTrue();
        assertThat(MysqlErrors.isConnectionLost(new SQLException("offline", "HY000", MysqlErrors.OFFLINE_MODE)))
                .isTrue();
    }
}
