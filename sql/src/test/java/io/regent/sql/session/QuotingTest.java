package io.regent.sql.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class QuotingTest {
    @Test
    void aBacktickInAnIdentifierIsDoubled() {
        assertThat(Quoting.identifier("a`b", "c")).isEqualTo("`a``b`.`c`");
    }

    @Test
    void anEmptyIdentifierIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Quoting.identifier(""));
    }

    @Test
    void plainTextIsQuotedAndItsQuotesDoubled() {
        assertThat(Quoting.string("it's")).isEqualTo("'it''s'");
    }

    @Test
    void textWhoseMeaningDependsOnTheSqlModeIsHex() {
        assertThat(Quoting.string("\\'")).isEqualTo("_utf8mb4 x'5c27'");
        assertThat(Quoting.string("é")).isEqualTo("_utf8mb4 x'c3a9'");
    }
}
