package io.regent.replicator.transaction;

import io.regent.sql.gtid.Gtid;
import java.util.List;
import java.util.stream.Stream;

/**
 * One transaction of the source's binlog, whole.
 *
 * <p>Of a large one most rows wait in a file ({@link Step.Spilled}), whose space is given back by {@link #close}.
 *
 * @param gtid its identity, kept at every target
 * @param clock where it stands on the source's logical clock
 * @param originalCommitMicros when its origin committed it, in microseconds since 1970
 * @param originalServerVersion version of its origin as a number, e.g. 80033
 * @param format layout of its row events
 * @param steps its content; none if it carries nothing for another region
 * @param size bytes of its events
 */
public record SourceTransaction(
        Gtid gtid,
        Clock clock,
        long originalCommitMicros,
        int originalServerVersion,
        FormatDescription format,
        List<Step> steps,
        long size)
        implements AutoCloseable {

    /**
     * Position on the source's logical clock, which starts anew with each binlog file.
     *
     * @param file number of the file in this stream, growing
     * @param lastCommitted youngest transaction of the file that this one depends on, 0 for none
     * @param sequenceNumber its own number
     */
    public record Clock(long file, long lastCommitted, long sequenceNumber) {}

    public SourceTransaction {
        steps = List.copyOf(steps);
    }

    /** Whether it carries nothing: its GTID alone is committed. */
    public boolean isEmpty() {
        return steps.isEmpty();
    }

    /** Whether it holds a definition: then it runs alone, after all before it and before all behind it. */
    public boolean isDefinition() {
        return steps.stream()
                .anyMatch(step ->
                        step instanceof Step.Statement statement && statement.kind() != StatementKind.SAVEPOINT);
    }

    /** Whether its rows go into a table that it makes itself. */
    public boolean makesItsTable() {
        return steps.stream()
                .anyMatch(step ->
                        step instanceof Step.Statement statement && statement.kind() == StatementKind.CREATE_WITH_ROWS);
    }

    /** The same identity without content: what a void transaction leaves behind. */
    public SourceTransaction emptied() {
        return new SourceTransaction(gtid, clock, originalCommitMicros, originalServerVersion, format, List.of(), 0);
    }

    /** The descriptions of all tables whose rows it changes. */
    public Stream<BinlogEvent> tableMaps() {
        return steps.stream().flatMap(step -> step.tables().stream());
    }

    /** Whether some of its rows are not in memory. */
    public boolean isSpilled() {
        return steps.stream().anyMatch(Step.Spilled.class::isInstance);
    }

    /** Nobody wants its rows any more. */
    @Override
    public void close() {
        steps.stream()
                .filter(Step.Spilled.class::isInstance)
                .findFirst()
                .ifPresent(step -> ((Step.Spilled) step).close());
    }
}
