package io.regent.replicator.link;

import static io.regent.replicator.lab.Events.formatDescription;
import static io.regent.replicator.lab.Events.gtid;
import static io.regent.replicator.lab.Events.query;
import static io.regent.replicator.lab.Events.rows;
import static io.regent.replicator.lab.Events.tableMap;
import static io.regent.replicator.lab.Events.xid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.regent.replicator.order.OrderAbortedException;
import io.regent.replicator.transaction.BinlogEvent;
import io.regent.replicator.transaction.SourceTransaction;
import io.regent.replicator.transaction.Spilling;
import io.regent.replicator.transaction.TransactionAssembler;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(10)
class SpillRoomTest {
    private static final int LARGE = 1000;

    @TempDir
    Path directory;

    private final SpillRoom room = new SpillRoom(3 * LARGE);

    private SourceTransaction transaction(int size) {
        List<SourceTransaction> whole = new ArrayList<>();
        TransactionAssembler assembler =
                new TransactionAssembler(gtid -> true, new Spilling(directory, 500), whole::add);
        for (BinlogEvent event :
                List.of(formatDescription(), gtid(5), query("BEGIN"), tableMap(1), rows(1, 1, size), xid())) {
            assembler.accept(event);
        }
        return whole.get(0);
    }

    private CompletableFuture<Void> enters(SourceTransaction transaction) {
        return CompletableFuture.runAsync(() -> {
            try {
                room.enter(transaction);
            } catch (InterruptedException | OrderAbortedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void whatDoesNotFitBesideWhatIsInWaitsUntilThatLeaves() throws Exception {
        SourceTransaction first = transaction(LARGE);
        SourceTransaction second = transaction(LARGE);
        SourceTransaction third = transaction(LARGE);
        room.enter(first);
        room.enter(second);
        room.enter(transaction(10)); // it is in memory
        CompletableFuture<Void> waits = enters(third);
        assertThatThrownBy(() -> waits.get(50, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        room.leave(transaction(10));
        assertThatThrownBy(() -> waits.get(50, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        room.leave(second);
        waits.get(5, TimeUnit.SECONDS);
    }

    @Test
    void whatIsLargerThanTheRoomGoesInAlone() throws Exception {
        SourceTransaction first = transaction(LARGE);
        room.enter(first);
        CompletableFuture<Void> waits = enters(transaction(5 * LARGE));
        assertThatThrownBy(() -> waits.get(50, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        room.leave(first);
        waits.get(5, TimeUnit.SECONDS);
    }

    @Test
    void anEndOfTheLinkEndsTheWait() throws Exception {
        room.enter(transaction(5 * LARGE));
        CompletableFuture<Void> waits = enters(transaction(LARGE));
        room.abort();
        assertThatThrownBy(() -> waits.get(5, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class);
        assertThat(directory).isEmptyDirectory();
    }
}
