package io.regent.replicator.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.replicator.lab.Events;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class RowsEventsTest {
    /** Bodies of the DELETE_ROWS events of one row (1, 1) of a parent, as 9.7.4 and 8.0.33 wrote them. */
    private static final String NEWER = "6c0000000000" + "1100" + "0200" + "02ff" + "00" + "01000000" + "01000000";

    private static final String OLDER = "6c0000000000" + "0100" + "0200" + "02ff" + "00" + "01000000" + "01000000";

    private static BinlogEvent delete(String body) {
        return Events.event(EventType.DELETE_ROWS, HexFormat.of().parseHex(body));
    }

    @Test
    void theFlagTellsWhetherCascadesAreInTheBinlog() {
        assertThat(RowsEvents.tellsCascades(delete(NEWER))).isTrue();
        assertThat(RowsEvents.tellsCascades(delete(OLDER))).isFalse();
        assertThat(RowsEvents.tellsCascades(delete(OLDER.replace("0100" + "0200", "0f00" + "0200"))))
                .as("every flag but this")
                .isFalse();
    }

    @Test
    void itIsNoFlagOfAnUncheckedStatement() {
        assertThat(RowsEvents.checkFlags(delete(NEWER))).isZero();
        assertThat(RowsEvents.endsStatement(delete(NEWER))).isTrue();
        assertThat(RowsEvents.statementFlags(delete(NEWER))).isEqualTo(0x10);
        assertThat(RowsEvents.statementFlags(delete(OLDER))).isZero();
    }

    @Test
    void itOutlivesAnEndOfStatementThatIsCleared() {
        BinlogEvent cleared = RowsEvents.withStatementEnd(delete(NEWER), false);
        assertThat(RowsEvents.endsStatement(cleared)).isFalse();
        assertThat(RowsEvents.tellsCascades(cleared)).isTrue();
    }
}
