package io.regent.replicator.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.replicator.apply.Guard;
import io.regent.replicator.lab.Links;
import io.regent.replicator.order.Delivery;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** How long others wait for a link: a move waits until it is closed, and until the next one delivers. */
class LinkReactionIT extends PairOfRegions {
    private static final int TIMES = 5;
    private static final Guard GUARD = new Guard(1, 1);

    private Link start() {
        return Links.start(Links.settings(phx1, aws1), new Terms(GUARD, mark -> Delivery.everything()));
    }

    /** Sorts them, too. */
    private static Duration middle(List<Duration> all) {
        Collections.sort(all);
        return all.get(all.size() / 2);
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }

    private Duration closing() {
        long before = System.nanoTime();
        link.close();
        return since(before);
    }

    @Test
    void aLinkDeliversSoonAfterItsStartAndClosesAtOnceWhileNothingComes() throws SQLException {
        phx1.execute("CREATE TABLE app.t (id INT PRIMARY KEY)");
        await();
        Links.raiseGuard(phx1, aws1, GUARD);
        List<Duration> delivering = new ArrayList<>();
        List<Duration> closing = new ArrayList<>();
        closing.add(closing());
        for (int i = 0; i < TIMES; i++) {
            phx1.execute("INSERT INTO app.t VALUES (" + i + ")");
            long before = System.nanoTime();
            link = start();
            pollUntil(() -> link.status().applied() > 0);
            delivering.add(since(before));
            closing.add(closing());
        }
        assertThat(middle(delivering)).as("%s", delivering).isLessThan(Duration.ofMillis(1500));
        assertThat(middle(closing)).as("%s", closing).isLessThan(Duration.ofMillis(300));
        assertThat(closing.get(0)).as("no thread polls: %s", closing).isLessThan(Duration.ofMillis(50));
        link = start();
        assertEqual();
    }

    /** In order as well: two round trips for each, with a COMMIT of its own, are what only those need that others wait for. */
    @Test
    void whatComesAloneIsSentWithItsCommit() throws SQLException {
        phx1.execute("CREATE TABLE app.t (id INT PRIMARY KEY)");
        await();
        long before = ownCommits();
        for (int i = 0; i < 4 * TIMES; i++) {
            phx1.execute("INSERT INTO app.t VALUES (" + i + ")");
            await();
        }
        assertThat(ownCommits() - before).isLessThan(TIMES);
        assertEqual();
    }

    private long ownCommits() throws SQLException {
        return Long.parseLong(aws1.value(
                "SELECT SUM(COUNT_STAR) FROM performance_schema.events_statements_summary_by_user_by_event_name"
                        + " WHERE USER='regent_apply' AND EVENT_NAME='statement/sql/commit'"));
    }

    @Test
    void aLinkClosesAtOnceWhileMuchComes() throws Exception {
        phx1.execute("CREATE TABLE app.t (id INT PRIMARY KEY AUTO_INCREMENT)");
        await();
        link.close();
        Links.raiseGuard(phx1, aws1, GUARD);
        link = start();
        AtomicBoolean writing = new AtomicBoolean(true);
        Thread writer = new Thread(() -> write(writing), "writer");
        writer.start();
        List<Duration> closing = new ArrayList<>();
        try {
            for (int i = 0; i < TIMES; i++) {
                pollUntil(() -> link.status().applied() > 20);
                closing.add(closing());
                link = start();
            }
        } finally {
            writing.set(false);
            writer.join();
        }
        assertThat(middle(closing)).as("%s", closing).isLessThan(Duration.ofMillis(300));
        assertEqual();
    }

    @Test
    void aLinkClosesAtOnceThoughItsSourceIsFrozen() throws SQLException {
        phx1.execute("CREATE TABLE app.t (id INT PRIMARY KEY)");
        await();
        link.close();
        Links.raiseGuard(phx1, aws1, GUARD);
        link = start();
        phx1.execute("INSERT INTO app.t VALUES (1)");
        await();
        phx1.server().suspend();
        try {
            assertThat(closing()).as("of a stream").isLessThan(Duration.ofMillis(600));
            link = start();
            pollUntil(() -> aws1.query("SELECT id FROM information_schema.processlist WHERE user='regent_apply'")
                            .size()
                    >= 2);
            assertThat(closing()).as("while it connects").isLessThan(Duration.ofMillis(600));
            assertThat(link.status().state()).isEqualTo(LinkStatus.State.STOPPED);
        } finally {
            phx1.server().resume();
        }
        phx1.execute("INSERT INTO app.t VALUES (2)");
        link = start();
        assertEqual();
    }

    private static void pollUntil(Callable<Boolean> condition) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .until(condition);
    }

    private void write(AtomicBoolean writing) {
        try (Connection connection = phx1.open();
                Statement statement = connection.createStatement()) {
            while (writing.get()) {
                statement.execute("INSERT INTO app.t VALUES ()");
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
