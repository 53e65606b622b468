package io.regent.replicator.transaction;

import static io.regent.replicator.lab.Events.formatDescription;
import static io.regent.replicator.lab.Events.gtid;
import static io.regent.replicator.lab.Events.query;
import static io.regent.replicator.lab.Events.rows;
import static io.regent.replicator.lab.Events.tableMap;
import static io.regent.replicator.lab.Events.xid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written to a file and read back is what would have stayed in memory. */
class SpillingTest {
    private static final int ROW_BYTES = 100;

    @SuppressWarnings("NullAway.Init") // before the first property
    private static Path directory;

    @BeforeContainer
    static void makeDirectory() throws IOException {
        directory = Files.createTempDirectory("spilling");
    }

    @AfterContainer
    static void nothingStaysBehind() throws IOException {
        Files.delete(directory);
    }

    /** A statement at the origin: of one table or two, with so many row events; or a savepoint. */
    private record Origin(int table, int events, boolean both, boolean savepoint) {
        Stream<BinlogEvent> stream() {
            if (savepoint) {
                return Stream.of(query("SAVEPOINT s" + table));
            }
            List<BinlogEvent> all = new ArrayList<>();
            all.add(tableMap(table, "app"));
            if (both) {
                all.add(tableMap(table + 10L, "app"));
            }
            for (int i = 0; i < events; i++) {
                long id = both && i % 2 == 1 ? table + 10L : table;
                all.add(rows(id, i == events - 1 ? RowsEvents.STMT_END : 0, ROW_BYTES + i));
            }
            return all.stream();
        }
    }

    @Provide
    Arbitrary<List<Origin>> origins() {
        return Combinators.combine(
                        Arbitraries.integers().between(1, 3),
                        Arbitraries.integers().between(1, 12),
                        Arbitraries.of(true, false),
                        Arbitraries.integers().between(0, 5).map(dice -> dice == 0))
                .as(Origin::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(15);
    }

    private static SourceTransaction assembled(List<Origin> origins, Spilling spilling) {
        List<SourceTransaction> whole = new ArrayList<>();
        TransactionAssembler assembler = new TransactionAssembler(gtid -> true, spilling, whole::add);
        Stream.of(formatDescription(), gtid(5), query("BEGIN")).forEach(assembler::accept);
        origins.stream().flatMap(Origin::stream).forEach(assembler::accept);
        assembler.accept(xid());
        return whole.get(0);
    }

    /** Every row event with the description of its table, and every statement, in order; ends of statements left out. */
    private static List<Object> told(SourceTransaction transaction) {
        List<Object> all = new ArrayList<>();
        for (Step step : transaction.steps()) {
            if (step instanceof Step.Statement statement) {
                all.add(statement.query().toString());
            }
            for (RowsStatement change : step.changes()) {
                for (BinlogEvent rows : change.rows()) {
                    all.add(change.tables().stream()
                            .filter(table -> RowsEvents.tableId(table) == RowsEvents.tableId(rows))
                            .toList());
                    all.add(RowsEvents.withStatementEnd(rows, false));
                }
            }
        }
        return all;
    }

    @Property(tries = 300)
    void nothingIsLostDoubledOrMoved(
            @ForAll("origins") List<Origin> origins, @ForAll @LongRange(min = 1, max = 2000) long partBytes) {
        SourceTransaction kept = assembled(origins, Spilling.NEVER);
        try (SourceTransaction spilled = assembled(origins, new Spilling(directory, partBytes))) {
            assertThat(told(spilled)).isEqualTo(told(kept));
            assertThat(told(spilled)).as("read again, as after a deadlock").isEqualTo(told(kept));
            assertThat(spilled.tableMaps().map(RowsEvents::tableId).distinct())
                    .containsExactlyInAnyOrderElementsOf(
                            kept.tableMaps().map(RowsEvents::tableId).distinct().toList());
            assertThat(spilled.size()).isEqualTo(kept.size());
            assertThat(kept.isSpilled()).isFalse();
            if (rowBytes(kept) > partBytes || kept.size() <= partBytes) {
                assertThat(spilled.isSpilled()).isEqualTo(rowBytes(kept) > partBytes);
            }
            assertThat(bytesInMemory(spilled)).isLessThanOrEqualTo(partBytes);
        }
    }

    private static long rowBytes(SourceTransaction transaction) {
        return transaction.steps().stream()
                .flatMap(step -> step.changes().stream())
                .mapToLong(RowsStatement::size)
                .sum();
    }

    private static long bytesInMemory(SourceTransaction transaction) {
        return transaction.steps().stream()
                .filter(Step.Rows.class::isInstance)
                .mapToLong(step -> ((Step.Rows) step).statement().size())
                .sum();
    }

    @Test
    void aMillionSmallStatementsTakeAsLittleMemoryAsOneLarge(@TempDir Path files) {
        Spilling spilling = new Spilling(files, 10_000);
        List<Origin> small = Stream.generate(() -> new Origin(1, 1, false, false))
                .limit(20_000)
                .toList();
        try (SourceTransaction transaction = assembled(small, spilling)) {
            assertThat(transaction.steps()).hasSizeLessThan(500);
            assertThat(transaction.tableMaps().distinct()).hasSize(1);
        }
    }

    @Test
    void aTransactionWhoseRowsWereDroppedCanNotBeRead(@TempDir Path files) {
        SourceTransaction transaction = assembled(List.of(new Origin(1, 20, false, false)), new Spilling(files, 500));
        transaction.close();
        transaction.close();
        assertThatThrownBy(() -> told(transaction)).isInstanceOf(UncheckedIOException.class);
        assertThat(files).isEmptyDirectory();
    }

    @Test
    void whatIsLargerThanWhatMayBeInMemoryIsRefused() {
        List<Origin> large = List.of(new Origin(1, 20, false, false));
        assertThatThrownBy(() -> assembled(large, Spilling.inMemory(1500)))
                .isInstanceOf(UncarriableException.class)
                .hasMessageContaining("looked at in memory");
        assertThat(assembled(large, Spilling.inMemory(5000)).isSpilled()).isFalse();
    }

    @Test
    void aDirectoryThatCannotBeMadeIsNamed(@TempDir Path files) throws IOException {
        Path taken = Files.writeString(files.resolve("taken"), "a file");
        List<Origin> large = List.of(new Origin(1, 20, false, false));
        assertThatThrownBy(() -> assembled(large, new Spilling(taken, 500)))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(taken.toString());
    }

    @Test
    void rowsThatChangedOnTheDiskAreNotTaken(@TempDir Path files) throws IOException {
        FileChannel disk = FileChannel.open(
                files.resolve("rows"),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        try (SpillFile file = new SpillFile(files, disk)) {
            BinlogEvent damaged = rows(1, RowsEvents.STMT_END, 50);
            SpillFile.Part part = file.add(List.of(new RowsStatement(List.of(tableMap(1)), List.of(damaged))));
            disk.write(ByteBuffer.wrap(new byte[] {0x55}), 80);
            assertThatThrownBy(part::read)
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("changed on its disk");
        }
    }
}
