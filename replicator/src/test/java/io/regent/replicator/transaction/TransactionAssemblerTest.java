package io.regent.replicator.transaction;

import static io.regent.replicator.lab.Events.ORIGIN;
import static io.regent.replicator.lab.Events.event;
import static io.regent.replicator.lab.Events.formatDescription;
import static io.regent.replicator.lab.Events.gtid;
import static io.regent.replicator.lab.Events.query;
import static io.regent.replicator.lab.Events.rows;
import static io.regent.replicator.lab.Events.tableMap;
import static io.regent.replicator.lab.Events.xid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TransactionAssemblerTest {
    private static final UUID OTHER = UUID.fromString("99999999-2222-3333-4444-555555555555");

    private final List<SourceTransaction> seen = new ArrayList<>();
    private final TransactionAssembler assembler =
            new TransactionAssembler(gtid -> gtid.tsid().uuid().equals(ORIGIN), Spilling.NEVER, seen::add);

    private void accept(BinlogEvent... events) {
        for (BinlogEvent event : events) {
            assembler.accept(event);
        }
    }

    @Test
    void aTransactionIsHandedOnWholeAtItsEnd() {
        accept(formatDescription(), gtid(5), query("BEGIN"), tableMap(1), rows(1, 1, 10));
        assertThat(seen).isEmpty();
        accept(xid());
        SourceTransaction transaction = seen.get(0);
        assertThat(transaction.gtid()).hasToString(ORIGIN + ":5");
        assertThat(transaction.clock()).isEqualTo(new SourceTransaction.Clock(1, 4, 5));
        assertThat(transaction.steps()).hasSize(1);
        assertThat(transaction.originalServerVersion()).isEqualTo(80033);
        assertThat(transaction.isDefinition()).isFalse();
    }

    @Test
    void aDefinitionEndsItsTransactionByItself() {
        accept(formatDescription(), gtid(1), query("DROP TABLE t"), gtid(2), query("GRANT x TO y"));
        assertThat(seen).extracting(SourceTransaction::isDefinition).containsExactly(true, false);
        assertThat(seen).extracting(SourceTransaction::isEmpty).containsExactly(false, true);
    }

    @Test
    void onlyTheRowsOfATableThatIsMadeWithThemHaveNoTableToBeComparedWith() {
        accept(formatDescription(), gtid(1), query("BEGIN"), tableMap(1), rows(1, 1, 10));
        accept(query("DROP /*!40005 TEMPORARY */ TABLE IF EXISTS t"), xid());
        accept(gtid(2), query("BEGIN"), query("CREATE TABLE t (a INT) START TRANSACTION"));
        accept(tableMap(1), rows(1, 1, 10), xid());
        assertThat(seen).allMatch(SourceTransaction::isDefinition);
        assertThat(seen).extracting(SourceTransaction::makesItsTable).containsExactly(false, true);
    }

    @Test
    void foreignTransactionsKeepTheirIdentityOnly() {
        accept(formatDescription(), gtid(OTHER, 7, 0, 1), query("BEGIN"), tableMap(1), rows(1, 1, 10), xid());
        accept(gtid(OTHER, 8, 0, 2), query("XA START X'61',X'',1"), query("XA END X'61',X'',1"));
        accept(event(EventType.XA_PREPARE, new byte[12]), gtid(OTHER, 9, 0, 3), query("XA COMMIT X'61',X'',1"));
        accept(gtid(OTHER, 10, 0, 4), query("INSERT INTO t VALUES (1)"));
        assertThat(seen).hasSize(4).allMatch(SourceTransaction::isEmpty);
    }

    @Test
    void ofAProbeOnlyTheNumberIsCarried() {
        accept(formatDescription(), gtid(1), query("BEGIN"), tableMap(1, "regent_probe"), rows(1, 1, 10), xid());
        accept(gtid(2), query("BEGIN"), tableMap(1, "regent_prob2"), rows(1, 1, 10), xid());
        accept(gtid(3), query("BEGIN"), tableMap(1, "regent_probe"), tableMap(2, "app"), rows(2, 1, 10), xid());
        assertThat(seen).extracting(SourceTransaction::isEmpty).containsExactly(true, false, false);
    }

    @Test
    void whatTheConnectionCutsOffIsNeverHandedOn() {
        accept(formatDescription(), gtid(5), query("BEGIN"), tableMap(1), rows(1, 1, 10));
        assertThat(seen).isEmpty();
        assertThatThrownBy(() -> accept(gtid(6))).isInstanceOf(MalformedEventException.class);
    }

    @Test
    void aStatementWithoutItsEndIsRefused() {
        accept(formatDescription(), gtid(5), query("BEGIN"), tableMap(1), rows(1, 0, 10));
        assertThatThrownBy(() -> accept(xid()))
                .isInstanceOf(MalformedEventException.class)
                .hasMessageContaining("without its end");
        assertThat(seen).isEmpty();
    }

    @Test
    void rowsWithoutAnyTableMapAreNotTakenForAProbe() {
        accept(formatDescription(), gtid(5), query("BEGIN"));
        assertThatThrownBy(() -> accept(rows(1, 1, 10))).isInstanceOf(MalformedEventException.class);
        assertThat(seen).isEmpty();
    }

    @Test
    void rowsWithoutTheirTableMapAreRefused() {
        accept(formatDescription(), gtid(5), query("BEGIN"), tableMap(1));
        assertThatThrownBy(() -> accept(rows(2, 1, 10)))
                .isInstanceOf(MalformedEventException.class)
                .hasMessageContaining("without its TABLE_MAP");
        assertThat(seen).isEmpty();
    }

    @Test
    void whatCannotBeCarriedIsRefusedByName() {
        accept(formatDescription());
        assertRefused("XA transaction", gtid(1), query("XA START X'61',X'',1"));
        assertRefused("binlog_format=ROW", gtid(2), query("INSERT INTO t VALUES (1)"));
        assertRefused("gtid_mode=ON", event(EventType.ANONYMOUS_GTID, new byte[42]));
        assertRefused("lost events", event(EventType.INCIDENT, new byte[4]));
        assertRefused("tagged", event(EventType.GTID_TAGGED, new byte[42]));
        assertRefused("type 99", event(99, new byte[4]));
    }

    private void assertRefused(String why, BinlogEvent... events) {
        TransactionAssembler fresh = new TransactionAssembler(gtid -> true, Spilling.NEVER, seen::add);
        fresh.accept(formatDescription());
        assertThatThrownBy(() -> List.of(events).forEach(fresh::accept))
                .isInstanceOf(UncarriableException.class)
                .hasMessageContaining(why);
        assertThat(seen).isEmpty();
    }

    @Test
    void aSourceWithoutChecksumsIsRefused() {
        byte[] body = new byte[98];
        assertThatThrownBy(() -> accept(event(EventType.FORMAT_DESCRIPTION, body)))
                .isInstanceOf(UncarriableException.class)
                .hasMessageContaining("binlog_checksum=CRC32");
    }

    @Test
    void aFlippedBitIsNoticed() {
        byte[] bytes = new byte[xid().size()];
        xid().copyTo(bytes, 0);
        bytes[20] ^= 1;
        assertThatThrownBy(() -> BinlogEvent.checked(bytes))
                .isInstanceOf(MalformedEventException.class)
                .hasMessageContaining("checksum");
    }

    @Test
    void eachBinlogFileStartsTheClockAnew() {
        accept(
                formatDescription(),
                gtid(1),
                query("DROP TABLE t"),
                formatDescription(),
                gtid(2),
                query("DROP TABLE u"));
        assertThat(seen).extracting(t -> t.clock().file()).containsExactly(1L, 2L);
    }
}
