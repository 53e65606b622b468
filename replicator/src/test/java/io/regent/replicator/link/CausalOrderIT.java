package io.regent.replicator.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.replicator.lab.Links;
import io.regent.replicator.lab.Region;
import io.regent.replicator.order.CausalOrder;
import io.regent.replicator.order.Delivery;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Writers in all of three regions, each of whose rows says what it had seen of the other regions' rows; links that are
 * held at random, so that now one way is the longer one, now the other. Nobody ever sees a row without what it had seen.
 *
 * <p>{@code -Dregent.causal.seconds=600} for the long form; {@code -Dregent.seed=N} replays the links' moods.
 */
@Timeout(1800)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CausalOrderIT {
    private static final Duration TIME = Duration.ofSeconds(Integer.getInteger("regent.causal.seconds", 8));
    private static final List<String> NAMES = List.of("phx1", "aws1", "aws2");
    private static final String TABLE = "CREATE TABLE app.row_of (region INT, n INT, seen0 INT, seen1 INT, seen2 INT,"
            + " PRIMARY KEY (region, n))";
    private final long seed = Long.getLong("regent.seed", System.nanoTime());
    private final List<Region> regions = new ArrayList<>();

    @BeforeAll
    void start(@TempDir Path directory) throws SQLException {
        for (String name : NAMES) {
            regions.add(Region.start(name, directory));
        }
    }

    @AfterAll
    void stop() {
        regions.forEach(Region::close);
    }

    @Test
    void noRowIsSeenBeforeWhatItsWriterHadSeen() throws Exception {
        Seen seen = play(CausalOrder::new);
        assertThat(seen.orphans).as("seed %d", seed).isEmpty();
        assertThat(seen.looks.get()).isGreaterThan(100);
        for (int i = 1; i < regions.size(); i++) {
            Links.assertEqual(regions.get(0), regions.get(i), "app");
            assertThat(regions.get(i).executed()).isEqualTo(regions.get(0).executed());
        }
    }

    @Test
    void withoutTheWaitForCausesOrphansAreSeen() throws Exception {
        assertThat(play(() -> new CausalOrder(foreign -> false)).orphans)
                .as("seed %d", seed)
                .isNotEmpty();
    }

    private record Seen(ConcurrentLinkedQueue<String> orphans, AtomicLong looks) {}

    private Seen play(Supplier<CausalOrder> causes) throws Exception {
        Seen seen = new Seen(new ConcurrentLinkedQueue<>(), new AtomicLong());
        List<Link> links = new ArrayList<>();
        try {
            Random random = new Random(seed);
            for (Region source : regions) {
                for (Region target : regions) {
                    if (source != target) {
                        links.add(start(source, target, causes, random.nextLong()));
                    }
                }
            }
            regions.get(0).execute("DROP DATABASE IF EXISTS app", "CREATE DATABASE app", TABLE);
            awaitEverything(links);
            writeAndLook(seen);
            awaitEverything(links);
        } finally {
            links.forEach(Link::close);
        }
        return seen;
    }

    /** Held now and then, for as long as its mood says. */
    private static Link start(Region source, Region target, Supplier<CausalOrder> causes, long mood) {
        Delivery moody = gtid -> {
            long moment = System.nanoTime() / 50_000_000;
            return new Random(mood + moment).nextInt(3) == 0 ? Delivery.Answer.DELIVER : Delivery.Answer.HOLD;
        };
        Link link = new Link(Links.settings(source, target), Terms.withoutMastership(moody), causes);
        link.start();
        return link;
    }

    private void awaitEverything(List<Link> links) throws SQLException {
        Iterator<Link> next = links.iterator();
        for (Region source : regions) {
            for (Region target : regions) {
                if (source != target) {
                    Links.awaitEverything(source, target, next.next());
                }
            }
        }
    }

    private void writeAndLook(Seen seen) throws InterruptedException {
        CountDownLatch over = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < regions.size(); i++) {
            int number = i;
            threads.add(new Thread(() -> write(number, over, seen), "writer-" + NAMES.get(i)));
            threads.add(new Thread(() -> look(number, over, seen), "reader-" + NAMES.get(i)));
        }
        threads.forEach(Thread::start);
        assertThat(over.await(TIME.toMillis(), TimeUnit.MILLISECONDS)).isFalse();
        over.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void write(int number, CountDownLatch over, Seen seen) {
        try (Connection connection = regions.get(number).open();
                Statement statement = connection.createStatement()) {
            for (int n = 1; !over.await(3, TimeUnit.MILLISECONDS); n++) {
                int[] had = seenBy(statement);
                statement.execute("INSERT INTO app.row_of VALUES (" + number + "," + n + "," + had[0] + "," + had[1]
                        + "," + had[2] + ")");
            }
        } catch (SQLException | InterruptedException e) {
            seen.orphans.add("the writer at " + NAMES.get(number) + " failed: " + e);
        }
    }

    private static int[] seenBy(Statement statement) throws SQLException {
        String sql = IntStream.range(0, NAMES.size())
                .mapToObj(region -> "(SELECT COALESCE(MAX(n), 0) FROM app.row_of WHERE region=" + region + ")")
                .collect(Collectors.joining(",", "SELECT ", ""));
        try (ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return new int[] {row.getInt(1), row.getInt(2), row.getInt(3)};
        }
    }

    /** Rows of a region that some row of another one had seen and that are not there. */
    private static String missing(int region) {
        return "SELECT had, (SELECT COUNT(*) FROM app.row_of WHERE region=" + region + " AND n<=had) AS here"
                + " FROM (SELECT COALESCE(MAX(seen" + region + "), 0) AS had FROM app.row_of WHERE region<>" + region
                + ") AS most HAVING had<>here";
    }

    private void look(int number, CountDownLatch over, Seen seen) {
        try (Connection connection = regions.get(number).open();
                Statement statement = connection.createStatement()) {
            while (!over.await(2, TimeUnit.MILLISECONDS)) {
                for (int origin = 0; origin < regions.size(); origin++) {
                    try (ResultSet row = statement.executeQuery(missing(origin))) {
                        if (row.next()) {
                            seen.orphans.add("at " + NAMES.get(number) + " a row had seen " + row.getInt(1) + " of "
                                    + NAMES.get(origin) + ", of which " + row.getInt(2) + " are there");
                        }
                    }
                    seen.looks.incrementAndGet();
                }
            }
        } catch (SQLException | InterruptedException e) {
            seen.orphans.add("the reader at " + NAMES.get(number) + " failed: " + e);
        }
    }
}
