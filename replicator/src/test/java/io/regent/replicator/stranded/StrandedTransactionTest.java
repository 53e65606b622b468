package io.regent.replicator.stranded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.regent.replicator.lab.Events;
import io.regent.replicator.transaction.BinlogEvent;
import io.regent.replicator.transaction.EventType;
import io.regent.replicator.transaction.FormatDescription;
import io.regent.replicator.transaction.MalformedEventException;
import io.regent.replicator.transaction.RowsStatement;
import io.regent.sql.gtid.Gtid;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StrandedTransactionTest {
    /** A table whose name is longer than the event that holds it. */
    private static StrandedTransaction unreadable(Optional<String> obstacle) {
        byte[] body = new byte[20];
        body[0] = 1;
        body[8] = 100;
        BinlogEvent table = Events.event(EventType.TABLE_MAP, body);
        return new StrandedTransaction(
                Gtid.of(Events.ORIGIN, 1),
                1,
                1_700_000_000_000_000L,
                80033,
                Optional.of(new FormatDescription(Events.formatDescription(), "8.0.33")),
                List.of(new RowsStatement(List.of(table), List.of(Events.rows(1, 1, 10)))),
                List.of(),
                obstacle);
    }

    @Test
    void rowsThatCannotBeReadAreLeftOutWhereAnObstacleSaysSo() {
        StrandedTransaction damaged = unreadable(Optional.of("TABLE_MAP can't be read"));
        assertThat(damaged.changes()).isEmpty();
        assertThat(ChangesJson.of(damaged)).contains("\"rows\": []");
    }

    @Test
    void rowsThatCannotBeReadAreNeverTakenForNone() {
        assertThatThrownBy(unreadable(Optional.empty())::changes).isInstanceOf(MalformedEventException.class);
    }
}
