package io.regent.replicator.apply;

import static io.regent.replicator.lab.Events.ORIGIN;
import static io.regent.replicator.lab.Events.formatDescription;
import static io.regent.replicator.lab.Events.gtid;
import static io.regent.replicator.lab.Events.query;
import static io.regent.replicator.lab.Events.rows;
import static io.regent.replicator.lab.Events.tableMap;
import static io.regent.replicator.lab.Events.xid;
import static org.assertj.core.api.Assertions.assertThat;

import io.regent.replicator.transaction.BinlogEvent;
import io.regent.replicator.transaction.SourceTransaction;
import io.regent.replicator.transaction.Spilling;
import io.regent.replicator.transaction.TransactionAssembler;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PacketTextTest {
    private static final String IDENTITY =
            "SET gtid_next='" + ORIGIN + ":5', original_commit_timestamp=1000, original_server_version=80033";
    private static final int SMALL_PACKET = 64 << 10;
    private static final int NO_FOREIGN_KEYS = 2;

    private static SourceTransaction transaction(BinlogEvent... content) {
        List<SourceTransaction> whole = new ArrayList<>();
        TransactionAssembler assembler = new TransactionAssembler(gtid -> true, Spilling.NEVER, whole::add);
        Stream.of(Stream.of(formatDescription(), gtid(5), query("BEGIN")), Stream.of(content), Stream.of(xid()))
                .flatMap(part -> part)
                .forEach(assembler::accept);
        return whole.get(0);
    }

    private static List<String> textsOf(SourceTransaction transaction) {
        return new StatementPackets(SMALL_PACKET).of(transaction.steps());
    }

    @Test
    void rowsThatFoldIntoOneStatementCommitThemselvesInOnePacket() {
        SourceTransaction transaction =
                transaction(tableMap(1), rows(1, 1, 10), tableMap(2), rows(2, 1, 10), tableMap(1), rows(1, 1, 10));
        List<String> texts = textsOf(transaction);
        assertThat(PacketText.fitsOne(transaction, texts)).isTrue();
        assertThat(PacketText.whole(transaction, texts)).isEqualTo(IDENTITY + "; " + texts.get(0));
    }

    @Test
    void theFirstPacketOfATransactionThatCommitsLaterEndsWithItsFirstRows() {
        SourceTransaction transaction =
                transaction(tableMap(1), rows(1, 1, 10), tableMap(1), rows(1, 1 | NO_FOREIGN_KEYS, 10));
        List<String> texts = textsOf(transaction);
        assertThat(texts).hasSize(2);
        assertThat(PacketText.beginning(transaction, texts)).isEqualTo(IDENTITY + "; BEGIN; " + texts.get(0));
        assertThat(PacketText.afterBeginning(texts)).containsExactly(texts.get(1));
    }

    @Test
    void nothingIsCommittedInOnePacketToo() {
        SourceTransaction empty = transaction();
        assertThat(PacketText.fitsOne(empty, textsOf(empty))).isTrue();
        assertThat(PacketText.whole(empty, List.of())).isEqualTo(IDENTITY + "; BEGIN; COMMIT");
        assertThat(PacketText.beginning(empty, List.of())).isEqualTo(IDENTITY + "; BEGIN");
        assertThat(PacketText.afterBeginning(List.of())).isEmpty();
    }

    @Test
    void whatWouldCommitOnlyAPartOfItselfDoesNotGoInOnePacket() {
        for (SourceTransaction transaction : List.of(
                transaction(tableMap(1), rows(1, 1, 10), tableMap(1), rows(1, 1 | NO_FOREIGN_KEYS, 10)),
                transaction(tableMap(1), rows(1, 0, 40_000), rows(1, 0, 40_000), rows(1, 1, 10)),
                transaction(tableMap(1), rows(1, 1, 10), query("SAVEPOINT s")),
                transaction(query("SAVEPOINT s")))) {
            assertThat(PacketText.fitsOne(transaction, textsOf(transaction))).isFalse();
        }
    }
}
