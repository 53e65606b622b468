package io.regent.replicator.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.replicator.capture.Capture;
import io.regent.replicator.capture.CaptureException;
import io.regent.replicator.capture.CaptureSettings;
import io.regent.replicator.capture.EventSink;
import io.regent.replicator.lab.Region;
import io.regent.replicator.transaction.BinlogEvent;
import io.regent.replicator.transaction.SourceTransaction;
import io.regent.replicator.transaction.Spilling;
import io.regent.replicator.transaction.TransactionAssembler;
import io.regent.sql.gtid.GtidSet;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Transactions of a source, as they are handed to sessions at a target. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ApplyFixture {
    protected Region phx1;
    protected Region aws1;

    @BeforeAll
    void startRegions(@TempDir Path directory) throws SQLException {
        phx1 = Region.start("phx1", directory);
        aws1 = Region.start("aws1", directory);
    }

    @AfterAll
    void stopRegions() {
        phx1.close();
        aws1.close();
    }

    @BeforeEach
    void makeTables() throws SQLException {
        for (Region region : List.of(phx1, aws1)) {
            region.execute(
                    "SET sql_log_bin=0",
                    "DROP DATABASE IF EXISTS app",
                    "CREATE DATABASE app",
                    "CREATE TABLE app.t (id INT PRIMARY KEY, v INT)",
                    "CREATE TABLE app.u (id INT PRIMARY KEY, v INT)");
        }
    }

    /** The events of what the source commits by these statements. */
    protected List<BinlogEvent> events(String... statements) throws Exception {
        GtidSet before = phx1.executed();
        phx1.execute(statements);
        GtidSet after = phx1.executed();
        BlockingQueue<BinlogEvent> arrived = new LinkedBlockingQueue<>();
        List<BinlogEvent> events = new ArrayList<>();
        CaptureSettings settings = new CaptureSettings(
                "test", phx1.capture(), 4711, Duration.ofSeconds(1), Duration.ofSeconds(5), 1 << 20);
        List<SourceTransaction> whole = new ArrayList<>();
        TransactionAssembler assembler = new TransactionAssembler(gtid -> true, Spilling.NEVER, whole::add);
        try (Capture capture = Capture.start(settings, before, new Collecting(arrived))) {
            assertThat(capture).isNotNull();
            while (whole.size() < after.count() - before.count()) {
                BinlogEvent event = arrived.poll(20, TimeUnit.SECONDS);
                assertThat(event).as("an event within 20 s").isNotNull();
                assembler.accept(event);
                events.add(event);
            }
        }
        return events;
    }

    private record Collecting(BlockingQueue<BinlogEvent> arrived) implements EventSink {
        @Override
        public void accept(List<BinlogEvent> events) {
            arrived.addAll(events);
        }

        @Override
        public void ended(CaptureException end) {}
    }

    protected static SourceTransaction assembled(Stream<BinlogEvent> events) {
        List<SourceTransaction> whole = new ArrayList<>();
        TransactionAssembler assembler = new TransactionAssembler(gtid -> true, Spilling.NEVER, whole::add);
        events.forEach(assembler::accept);
        assertThat(whole).hasSize(1);
        return whole.get(0);
    }

    protected SourceTransaction transaction(String... statements) throws Exception {
        return assembled(events(statements).stream());
    }

    protected void assertAbsent(SourceTransaction transaction) throws SQLException {
        assertThat(aws1.executed().contains(transaction.gtid())).as("GTID").isFalse();
        assertThat(aws1.query("SELECT id FROM app.t UNION ALL SELECT id FROM app.u"))
                .as("rows")
                .isEmpty();
        assertThat(aws1.query("SELECT trx_id FROM information_schema.innodb_trx"))
                .as("open transactions")
                .isEmpty();
    }
}
