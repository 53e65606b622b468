package io.regent.replicator.stranded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.regent.replicator.lab.Links;
import io.regent.replicator.lab.Region;
import io.regent.replicator.lab.Stranding;
import io.regent.replicator.link.Link;
import io.regent.replicator.stranded.StrandedEntry.Disposition;
import io.regent.replicator.stranded.rewind.Rewind;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.gtid.Interval;
import io.regent.sql.gtid.Tsid;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Stranded transactions read at one region, written at the master, and settled at both. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StrandedTableIT {
    private static final UUID ELSEWHERE = UUID.fromString("cccccccc-0000-0000-0000-000000000001");

    private Region phx1;
    private Region aws1;
    private Stranding stranding;

    @BeforeAll
    void startRegions(@TempDir Path directory) throws SQLException {
        phx1 = Region.start("phx1", directory);
        aws1 = Region.start("aws1", directory);
        stranding = new Stranding(phx1);
        for (Region region : List.of(phx1, aws1)) {
            region.execute(
                    "SET sql_log_bin=0",
                    "CREATE DATABASE app",
                    "CREATE TABLE app.t (id INT PRIMARY KEY, v VARCHAR(40))",
                    "INSERT INTO app.t VALUES (1,'one')");
        }
    }

    @AfterAll
    void stopRegions() {
        phx1.close();
        aws1.close();
    }

    @Test
    void theyAreKeptAtTheMasterAndCarriedOnLikeAnyRow() throws Exception {
        List<StrandedTransaction> stranded = stranding.strand(
                "INSERT INTO app.t VALUES (5,'fünf \"\\\\\n')",
                "UPDATE app.t SET v=NULL WHERE id=5",
                "CREATE TABLE app.u (id INT)");
        try (Connection master = StrandedTable.open(aws1.apply())) {
            StrandedTable.ensure(master);
            GtidSet made = aws1.executed();
            StrandedTable.ensure(master);
            assertThat(aws1.executed()).as("nothing to make").isEqualTo(made);
            assertThat(StrandedTable.read(master)).isEmpty();

            StrandedTable.write(master, OptionalLong.empty(), "phx1", stranded);
            GtidSet written = aws1.executed();
            StrandedTable.write(master, OptionalLong.empty(), "phx1", stranded);
            assertThat(aws1.executed()).as("nothing to write").isEqualTo(written);
            assertThat(StrandedTable.read(master))
                    .allMatch(entry -> entry.verdict().isEmpty());
            StrandedTable.write(master, OptionalLong.of(7), "phx1", stranded);
            StrandedTable.write(master, OptionalLong.empty(), "phx1", stranded.subList(0, 1));
            StrandedTable.decide(master, stranded.get(1).gtid(), Disposition.DISCARDED);

            List<StrandedEntry> entries = StrandedTable.read(master);
            assertThat(entries).extracting(StrandedEntry::gtid).containsExactlyElementsOf(gtids(stranded));
            assertThat(entries).allMatch(entry -> entry.verdict().equals(OptionalLong.of(7)));
            assertThat(entries)
                    .extracting(StrandedEntry::disposition)
                    .containsExactly(Disposition.HELD, Disposition.DISCARDED, Disposition.HELD);
            assertThat(entries.get(2).obstacle().orElseThrow()).contains("definition");
            assertThat(aws1.query("SELECT changes->>'$.rows[0].after.v', changes->>'$.rows[0].kind',"
                            + " changes->>'$.rows[0].key.id' FROM regent.stranded ORDER BY place LIMIT 1"))
                    .containsExactly("fünf \"\\\n\tINSERT\t5");
            assertThat(StrandedTable.transaction(master, stranded.get(0).gtid()))
                    .contains(stranded.get(0));
            assertThat(StrandedTable.transaction(master, Gtid.of(ELSEWHERE, 1))).isEmpty();
        }
        EmptyCommits.commit(phx1.apply(), aws1.executed().restrictedTo(ELSEWHERE::equals));
        try (Link link = Links.start(aws1, phx1)) {
            Links.awaitEverything(aws1, phx1, link);
            Links.assertEqual(aws1, phx1, "regent");
        }
    }

    private static List<Gtid> gtids(List<StrandedTransaction> stranded) {
        return stranded.stream().map(StrandedTransaction::gtid).toList();
    }

    @Test
    void tablesOfTheFirstVersionAreReadAndGetWhatTheyLack() throws Exception {
        List<StrandedTransaction> stranded = stranding.strand("INSERT INTO app.t VALUES (60,'sixty')");
        try (Connection master = StrandedTable.open(aws1.apply())) {
            StrandedTable.ensure(master);
            StrandedTable.write(master, OptionalLong.empty(), "phx1", stranded);
            aws1.execute(
                    "ALTER TABLE regent.stranded DROP COLUMN reason, DROP COLUMN decided_at, DROP COLUMN decided_by");
            assertThat(StrandedTable.read(master))
                    .extracting(StrandedEntry::gtid)
                    .containsAll(gtids(stranded));
            StrandedTable.ensure(master);
            assertThat(StrandedTable.read(master))
                    .extracting(StrandedEntry::gtid)
                    .containsAll(gtids(stranded));
            assertThat(aws1.query("SHOW COLUMNS FROM regent.stranded LIKE 'decided_by'"))
                    .hasSize(1);
            aws1.execute("DELETE FROM regent.stranded", "DELETE FROM regent.stranded_payload");
        }
    }

    @Test
    void eachKnowsWhatItWasWrittenUpon() throws Exception {
        GtidSet before = phx1.executed();
        phx1.execute("INSERT INTO app.t VALUES (61,'a')");
        GtidSet first = phx1.executed().subtract(before);
        phx1.execute("INSERT INTO app.t VALUES (62,'b')", "FLUSH BINARY LOGS");
        GtidSet second = phx1.executed();
        phx1.execute("INSERT INTO app.t VALUES (63,'c')");
        GtidSet last = phx1.executed().subtract(second);
        phx1.execute("INSERT INTO app.t VALUES (64,'d')");
        List<StrandedTransaction> stranded = stranding.read(first.union(last));
        assertThat(stranded.get(0).base()).isEqualTo(before);
        assertThat(stranded.get(1).base()).isEqualTo(second);
    }

    @Test
    void aServerThatIsNotOpenTakesNoRows() throws Exception {
        List<StrandedTransaction> stranded = stranding.strand("INSERT INTO app.t VALUES (6,'six')");
        try (Connection master = StrandedTable.open(aws1.apply())) {
            StrandedTable.ensure(master);
            aws1.execute("SET GLOBAL read_only=ON");
            GtidSet before = aws1.executed();
            assertThatThrownBy(() -> StrandedTable.write(master, OptionalLong.empty(), "phx1", stranded))
                    .hasMessageContaining("not OPEN");
            assertThat(aws1.executed()).isEqualTo(before);
        } finally {
            aws1.execute("SET GLOBAL read_only=OFF");
        }
    }

    @Test
    void transactionsOfAnyOriginAreReadAndRewoundWhereTheyAre() throws Exception {
        Gtid foreign = Gtid.of(ELSEWHERE, 500);
        aws1.execute("SET gtid_next='" + foreign + "'", "BEGIN", "INSERT INTO app.t VALUES (7,'seven')", "COMMIT");
        Stranding third = new Stranding(aws1);
        List<StrandedTransaction> stranded = third.read(GtidSet.of(foreign));
        assertThat(gtids(stranded)).containsExactly(foreign);
        third.standby();
        try (Rewind rewind = Rewind.open(aws1.apply())) {
            assertThat(rewind.run(stranded, 3).rewound()).isEqualTo(GtidSet.of(foreign));
        } finally {
            third.open();
        }
        assertThat(aws1.query("SELECT id FROM app.t WHERE id=7")).isEmpty();
        assertThat(aws1.executed().contains(foreign)).isTrue();
    }

    @Test
    void whatTheServerLacksOrHasPurgedIsSaid() throws Exception {
        GtidSet lacking = GtidSet.of(Gtid.of(ELSEWHERE, 9));
        assertThatThrownBy(() -> stranding.read(lacking))
                .isInstanceOf(StrandedUnreadableException.class)
                .hasMessageContaining("has not executed " + lacking);

        GtidSet before = phx1.executed();
        phx1.execute("INSERT INTO app.t VALUES (8,'eight')");
        GtidSet stranded = phx1.executed().subtract(before);
        phx1.execute("FLUSH BINARY LOGS");
        String last = phx1.query("SHOW BINARY LOGS")
                .get(phx1.query("SHOW BINARY LOGS").size() - 1);
        phx1.execute("PURGE BINARY LOGS TO '" + last.substring(0, last.indexOf('\t')) + "'");
        assertThatThrownBy(() -> stranding.read(stranded))
                .isInstanceOf(StrandedUnreadableException.class)
                .hasMessageContaining("purged")
                .hasMessageContaining(stranded.toString());
    }

    @Test
    void whatCannotBeReadInTimeIsSaid() throws Exception {
        GtidSet before = phx1.executed();
        phx1.execute("INSERT INTO app.t VALUES (9,'nine')");
        GtidSet stranded = phx1.executed().subtract(before);
        assertThatThrownBy(
                        () -> StrandedReader.read(stranding.settings(), phx1.apply(), stranded, Duration.ofMillis(1)))
                .isInstanceOf(StrandedUnreadableException.class)
                .hasMessageContaining("within");
    }

    @Test
    void whatARegionNeverHadItCommitsEmptyOnce() throws Exception {
        Tsid tsid = Tsid.of(ELSEWHERE);
        GtidSet some = GtidSet.of(tsid, new Interval(10, 14)).plus(new Gtid(tsid, 20));
        List<String> rows = stranding.dump("app");
        stranding.standby();
        try {
            GtidSet first = GtidSet.of(tsid, new Interval(11, 12));
            assertThat(EmptyCommits.commit(phx1.apply(), first))
                    .isEqualTo(new EmptyCommits.Result(first, GtidSet.EMPTY, Optional.empty()));
            assertThat(EmptyCommits.commit(phx1.apply(), some).committed()).isEqualTo(some.subtract(first));
            assertThat(EmptyCommits.commit(phx1.apply(), some))
                    .isEqualTo(new EmptyCommits.Result(GtidSet.EMPTY, GtidSet.EMPTY, Optional.empty()));
        } finally {
            stranding.open();
        }
        assertThat(phx1.executed().contains(some)).isTrue();
        assertThat(stranding.dump("app")).isEqualTo(rows);
    }

    @Test
    void whatAnotherSessionCommitsAtTheSameTimeIsNotTakenForEmpty() throws Exception {
        Gtid gtid = Gtid.of(ELSEWHERE, 700);
        try (Connection other = phx1.open();
                Statement statement = other.createStatement()) {
            statement.execute("SET gtid_next='" + gtid + "'");
            statement.execute("BEGIN");
            statement.execute("INSERT INTO app.t VALUES (70,'seventy')");
            CompletableFuture<EmptyCommits.Result> result = CompletableFuture.supplyAsync(() -> {
                try {
                    return EmptyCommits.commit(phx1.apply(), GtidSet.of(gtid));
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            await().atMost(10, TimeUnit.SECONDS)
                    .pollInterval(5, TimeUnit.MILLISECONDS)
                    .until(() -> !namingSessions().isEmpty());
            statement.execute("COMMIT");
            assertThat(result.get(10, TimeUnit.SECONDS))
                    .isEqualTo(new EmptyCommits.Result(GtidSet.EMPTY, GtidSet.of(gtid), Optional.empty()));
        }
        assertThat(phx1.executed().contains(gtid)).isTrue();
    }

    private List<String> namingSessions() throws SQLException {
        return phx1.query("SELECT 1 FROM information_schema.processlist WHERE user='regent_apply'"
                + " AND info LIKE 'SET gtid_next%'");
    }

    @Test
    void whatAnotherSessionHoldsIsLeftInTimeAndWithoutATrace() throws Exception {
        Tsid tsid = Tsid.of(ELSEWHERE);
        Gtid held = new Gtid(tsid, 801);
        try (Connection other = phx1.open();
                Statement statement = other.createStatement()) {
            statement.execute("SET gtid_next='" + held + "'");
            long before = System.nanoTime();
            assertThat(EmptyCommits.commit(phx1.apply(), GtidSet.of(tsid, new Interval(800, 802))))
                    .isEqualTo(
                            new EmptyCommits.Result(GtidSet.of(new Gtid(tsid, 800)), GtidSet.EMPTY, Optional.of(held)));
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(4));
            await().atMost(10, TimeUnit.SECONDS).until(() -> namingSessions().isEmpty());
            statement.execute("ROLLBACK");
        }
        assertThat(EmptyCommits.commit(phx1.apply(), GtidSet.of(tsid, new Interval(800, 802)))
                        .committed()
                        .count())
                .isEqualTo(2);
    }

    /** Closes the server at the last moment at which whoever commits could not notice by himself. */
    private Connection closingBeforeItCommits(Connection real) {
        return proxy(Connection.class, (proxy, method, arguments) -> {
            if (method.getName().equals("commit")) {
                aws1.execute("SET GLOBAL read_only=ON");
            }
            Object answer = call(real, method, arguments);
            return method.getName().equals("createStatement")
                    ? proxy(Statement.class, (unused, called, sql) -> {
                        if (sql != null && String.valueOf(sql[0]).contains("COMMIT")) {
                            aws1.execute("SET GLOBAL read_only=ON");
                        }
                        return call(Objects.requireNonNull(answer), called, sql);
                    })
                    : answer;
        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static @Nullable Object call(Object real, Method method, Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    @Test
    void aServerThatClosesWhileTheCommitIsOnItsWayTakesNoRows() throws Exception {
        List<StrandedTransaction> stranded = stranding.strand("INSERT INTO app.t VALUES (66,'late')");
        try (Connection master = StrandedTable.open(aws1.apply())) {
            StrandedTable.ensure(master);
            GtidSet before = aws1.executed();
            assertThatThrownBy(() ->
                            StrandedTable.write(closingBeforeItCommits(master), OptionalLong.empty(), "phx1", stranded))
                    .hasMessageContaining("not OPEN");
            assertThat(aws1.executed()).isEqualTo(before);
            assertThat(master.getAutoCommit()).isTrue();
        } finally {
            aws1.execute("SET GLOBAL read_only=OFF");
        }
    }

    @Test
    void whatTheyWereWrittenUponIsToldWholeOrLater() throws Exception {
        List<StrandedTransaction> stranded = stranding.strand("INSERT INTO app.t VALUES (67,'upon')");
        GtidSet asked = GtidSet.of(stranded.get(0).gtid());
        List<String> files = phx1.query("SHOW BINARY LOGS");
        String last = files.get(files.size() - 1);
        String file = last.substring(0, last.indexOf('\t'));
        assertThat(Preceding.read(stranding.settings(), file, asked, Duration.ofSeconds(20)))
                .containsOnlyKeys(stranded.get(0).gtid());
        assertThatThrownBy(() -> Preceding.read(stranding.settings(), file, asked, Duration.ofMillis(1)))
                .isInstanceOf(StrandedUnreadableException.class)
                .hasMessageContaining("was written upon can't be told now");
        assertThat(Preceding.read(stranding.settings(), "binlog.000000", asked, Duration.ofSeconds(20)))
                .as("purged")
                .isEmpty();
    }
}
