package io.regent.replicator.apply;

import static io.regent.replicator.lab.Events.rows;
import static io.regent.replicator.lab.Events.tableMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.regent.replicator.transaction.BinlogEvent;
import io.regent.replicator.transaction.EventType;
import io.regent.replicator.transaction.MalformedEventException;
import io.regent.replicator.transaction.RowsEvents;
import io.regent.replicator.transaction.RowsStatement;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class BinlogStatementsTest {
    private static final int SMALL_PACKET = 64 << 10;
    private static final int NO_FOREIGN_KEYS = 2;
    private static final int TELLS_CASCADES = 0x10;

    private final BinlogStatements statements = new BinlogStatements(SMALL_PACKET);

    @Test
    void statementsOfOneTransactionAreFoldedIntoOne() {
        List<String> made = statements.of(List.of(
                new RowsStatement(List.of(tableMap(1)), List.of(rows(1, 1, 10))),
                new RowsStatement(List.of(tableMap(2)), List.of(rows(2, 1, 10))),
                new RowsStatement(List.of(tableMap(1)), List.of(rows(1, 1, 10)))));
        assertThat(made).hasSize(1);
        assertThat(events(made.get(0)))
                .extracting(BinlogEvent::typeName)
                .containsExactly("Table_map", "Table_map", "Write_rows", "Write_rows", "Write_rows");
    }

    @Test
    void statementsThatCheckDifferentlyStayApart() {
        assertThat(statements.of(List.of(
                        new RowsStatement(List.of(tableMap(1)), List.of(rows(1, 1 | NO_FOREIGN_KEYS, 10))),
                        new RowsStatement(List.of(tableMap(1)), List.of(rows(1, 1, 10))))))
                .hasSize(2);
    }

    @Test
    void statementsOfWhichOneLeavesCascadesToTheEngineStayApart() {
        assertThat(statements.of(List.of(
                        new RowsStatement(List.of(tableMap(1)), List.of(rows(1, 1 | TELLS_CASCADES, 10))),
                        new RowsStatement(List.of(tableMap(1)), List.of(rows(1, 1, 10))))))
                .hasSize(2);
    }

    @Test
    void nothingMakesNoStatement() {
        assertThat(statements.of(List.of())).isEmpty();
    }

    @Test
    void aStatementThatWouldHurtTheTargetCannotBeMade() {
        assertThatThrownBy(() -> new RowsStatement(List.of(tableMap(1)), List.of(rows(2, 1, 10))))
                .isInstanceOf(MalformedEventException.class);
        assertThatThrownBy(() -> new RowsStatement(List.of(tableMap(1)), List.of(rows(1, 0, 10))))
                .isInstanceOf(MalformedEventException.class);
        assertThatThrownBy(() -> new RowsStatement(List.of(tableMap(1)), List.of(rows(1, 1, 10), rows(1, 1, 10))))
                .isInstanceOf(MalformedEventException.class);
        assertThatThrownBy(() -> new RowsStatement(List.of(tableMap(1)), List.of()))
                .isInstanceOf(MalformedEventException.class);
    }

    @Property(tries = 200)
    void howeverItIsCutAllRowsTravelOnceInOrderAndEachPartIsWhole(
            @ForAll @Size(min = 1, max = 8) List<@Size(min = 1, max = 30) List<@IntRange(max = 9000) Integer>> sizes) {
        List<RowsStatement> changes = new ArrayList<>();
        List<BinlogEvent> all = new ArrayList<>();
        for (List<Integer> statement : sizes) {
            List<BinlogEvent> rows = new ArrayList<>();
            for (int i = 0; i < statement.size(); i++) {
                rows.add(rows(1, i == statement.size() - 1 ? 1 : 0, statement.get(i)));
            }
            changes.add(new RowsStatement(List.of(tableMap(1)), rows));
            all.addAll(rows);
        }
        List<BinlogEvent> sent = new ArrayList<>();
        for (String made : statements.of(changes)) {
            assertThat(made.length()).isLessThan(SMALL_PACKET);
            List<BinlogEvent> events = events(made);
            assertThat(events.get(0).type()).isEqualTo(EventType.TABLE_MAP);
            assertThat(RowsEvents.endsStatement(events.get(events.size() - 1))).isTrue();
            events.stream()
                    .filter(event -> event.type() == EventType.WRITE_ROWS)
                    .forEach(sent::add);
        }
        assertThat(sent.stream().map(event -> RowsEvents.withStatementEnd(event, false)))
                .containsExactlyElementsOf(all.stream()
                        .map(event -> RowsEvents.withStatementEnd(event, false))
                        .toList());
    }

    private static List<BinlogEvent> events(String statement) {
        byte[] bytes = Base64.getDecoder().decode(statement.substring("BINLOG '".length(), statement.length() - 1));
        List<BinlogEvent> events = new ArrayList<>();
        for (int at = 0; at < bytes.length; ) {
            int size = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(at + 9);
            events.add(BinlogEvent.checked(Arrays.copyOfRange(bytes, at, at + size)));
            at += size;
        }
        return events;
    }
}
