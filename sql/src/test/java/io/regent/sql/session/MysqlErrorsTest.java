package io.regent.sql.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class MysqlErrorsTest {
    @Test
    void anErrorOfManyLinesIsToldInOneWithWhatItCameFrom() {
        SQLException lost = new SQLException(
                "Communications link failure\n\nThe last packet sent successfully to the server was 0 ms ago.",
                "08S01",
                new ConnectException("Connection refused"));
        assertThat(MysqlErrors.line(lost)).isEqualTo("Communications link failure: Connection refused");
    }

    @Test
    void whatIsSaidAlreadyIsNotSaidTwice() {
        SQLException cause = new SQLException("Unknown column 'a'");
        assertThat(MysqlErrors.line(new SQLException("while reading: Unknown column 'a'", cause)))
                .isEqualTo("while reading: Unknown column 'a'");
        assertThat(MysqlErrors.line(cause)).isEqualTo("Unknown column 'a'");
    }

    @Test
    void aRefusalIsAnAnswerOfALivingServer() {
        for (int code : new int[] {1040, 1045, 1053, 1129, 1290, MysqlErrors.OFFLINE_MODE, 4031}) {
            assertThat(MysqlErrors.isOfServer(new SQLException("no", "HY000", code)))
                    .as("%s", code)
                    .isTrue();
        }
        for (int code : new int[] {0, 2003, 2013, 9001}) {
            assertThat(MysqlErrors.isOfServer(new SQLException("gone", "08S01", code)))
                    .as("%s", code)
                    .isFalse();
        }
    }

    @Test
    void anErrorWithoutWordsIsToldByItsName() {
        assertThat(MysqlErrors.line(new IllegalStateException())).isEqualTo("IllegalStateException");
        assertThat(MysqlErrors.line(new SQLException(" \n ", new IllegalStateException("why"))))
                .isEqualTo("SQLException: why");
    }
}
