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
    void anErrorWithoutWordsIsToldByItsName() {
        assertThat(MysqlErrors.line(new IllegalStateException())).isEqualTo("IllegalStateException");
        assertThat(MysqlErrors.line(new SQLException(" \n ", new IllegalStateException("why"))))
                .isEqualTo("SQLException: why");
    }
}
