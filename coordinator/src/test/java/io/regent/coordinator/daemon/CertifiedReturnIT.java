package io.regent.coordinator.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.regent.coordinator.cli.Shell;
import io.regent.coordinator.zookeeper.Proxy;
import io.regent.replicator.stranded.StrandedEntry;
import io.regent.replicator.stranded.StrandedEntry.Disposition;
import io.regent.replicator.stranded.StrandedTable;
import io.regent.sql.counter.Counters;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * phx1 is master, is cut off from the others, acknowledges sign-ups, and dies. The new master gives the same number to
 * somebody else, and puts another user back, while the third region lags behind. Then phx1 returns, under {@code on-return:
 * certified}. In the end the same happens to it again, so that it must be rebuilt.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CertifiedReturnIT {
    private static final String TAKEN = "app.user.PRIMARY=500 was also written by ";
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String[] TABLES = {
        "CREATE DATABASE app",
        "CREATE TABLE app.user (id BIGINT AUTO_INCREMENT PRIMARY KEY, passwd CHAR(64),"
                + " failedAuthTries INT DEFAULT 0 NOT NULL)",
        "CREATE TABLE app.email (id BIGINT AUTO_INCREMENT PRIMARY KEY, user BIGINT, address VARCHAR(255) UNIQUE,"
                + " verified BOOLEAN, FOREIGN KEY user_fkey (user) REFERENCES app.user (id))",
        "CREATE TABLE app.staged (id BIGINT AUTO_INCREMENT PRIMARY KEY, secret CHAR(48) UNIQUE, email VARCHAR(255) UNIQUE)",
        "INSERT INTO app.user VALUES (1,'one',0),(2,'two',0),(3,'three',0)",
        "INSERT INTO app.staged VALUES (1,'of dave','dave@example.com')"
    };

    @TempDir
    static Path directory;

    private static final List<Proxy> PROXIES = new ArrayList<>();
    private static ThreeRegions regions;
    private static Proxy toAws1;
    private static Proxy toAws2;
    private static Path file;
    private static Daemon returned;
    private static String master;
    private static List<Gtid> alice;
    private static List<Gtid> carol;
    private static Gtid dave;
    private static Gtid emailOfThree;
    private static Gtid mallory;

    @BeforeAll
    static void phx1DiesAndReturns() throws Exception {
        regions = new ThreeRegions(directory);
        toAws1 = proxy("phx1");
        toAws2 = proxy("phx1");
        file = regions.file("certified", Map.of("on-return", "certified"));
        Daemon phx1 = regions.start("phx1", "phx1-1", file);
        Proxy ofAws1 = proxy("aws1");
        Proxy ofAws2 = proxy("aws2");
        start("aws1", Map.of("on-return", "certified", "phx1", toAws1.address(), "aws2", ofAws2.address()));
        start("aws2", Map.of("on-return", "certified", "phx1", toAws2.address(), "aws1", ofAws1.address()));
        regions.awaitOpen("phx1", SOON);
        regions.write("phx1", TABLES);
        regions.awaitEqual(SOON);

        toAws1.loseAnswers();
        toAws2.loseAnswers();
        alice = written(
                "phx1",
                "INSERT INTO app.user VALUES (5,'of alice',0)",
                "INSERT INTO app.email VALUES (9,5,'alice@example.com',0)",
                "UPDATE app.user SET passwd='new, of alice' WHERE id=5");
        carol = written(
                "phx1",
                "INSERT INTO app.user VALUES (70,'of carol',0)",
                "INSERT INTO app.email VALUES (70,70,'carol@example.com',0)");
        dave = inOne(
                "INSERT INTO app.user VALUES (80,'of dave',0)",
                "INSERT INTO app.email VALUES (80,80,'dave@example.com',1)",
                "DELETE FROM app.staged WHERE id=1");
        emailOfThree = written("phx1", "INSERT INTO app.email VALUES (333,3,'three@example.com',0)")
                .get(0);
        phx1.close();
        regions.mysql("phx1").kill();
        master = regions.awaitAnother("phx1", SOON);
        Proxy toTheThird = master.equals("aws1") ? ofAws1 : ofAws2;
        toTheThird.loseAnswers();
        mallory = written(master, "INSERT INTO app.user VALUES (5,'of mallory',0)")
                .get(0);
        regions.write(
                master,
                "INSERT INTO app.email VALUES (12,5,'mallory@example.com',1)",
                "INSERT INTO app.email VALUES (13,2,'Dave@example.com',1)",
                "DELETE FROM app.user WHERE id=3",
                "INSERT INTO app.user VALUES (3,'three',0)");

        toAws1.cutAndHeal();
        toAws2.cutAndHeal();
        regions.mysql("phx1").start();
        returned = regions.start("phx1", "phx1-2", file);
        await().atMost(SOON).until(() -> entries(master).size() == 7);
        nothingIsUndoneWhileTheThirdRegionLagsBehind();
        toTheThird.cutAndHeal();
        await().atMost(SOON).pollInterval(Duration.ofMillis(100)).untilAsserted(() -> {
            assertThat(entries(master)).hasSize(7).allMatch(CertifiedReturnIT::isSettled);
        });
        regions.awaitEqual(SOON);
    }

    private static Proxy proxy(String region) throws Exception {
        Proxy proxy = new Proxy(regions.mysql(region).address().port());
        PROXIES.add(proxy);
        return proxy;
    }

    private static void start(String region, Map<String, String> instead) throws Exception {
        regions.start(region, region + "-1", regions.file(region, instead));
    }

    /** They are saved at the master alone, which may die next. */
    private static void nothingIsUndoneWhileTheThirdRegionLagsBehind() {
        await().during(Duration.ofSeconds(2))
                .atMost(SOON)
                .until(() -> regions.cluster().verdicts().isEmpty()
                        && regions.query("phx1", "SELECT passwd FROM app.user WHERE id=5")
                                .equals("new, of alice"));
    }

    private static boolean isSettled(StrandedEntry entry) {
        return entry.disposition() == Disposition.RELEASED
                || entry.decision().reason().isPresent();
    }

    /** The GTIDs of what these statements commit, one each. */
    private static List<Gtid> written(String region, String... statements) throws Exception {
        GtidSet before = regions.executed(region);
        regions.write(region, statements);
        List<Gtid> all = regions.executed(region)
                .subtract(before)
                .restrictedTo(regions.mysql(region).serverUuid()::equals)
                .first(10);
        assertThat(all).hasSize(statements.length);
        return all;
    }

    /** At phx1, in one transaction. */
    private static Gtid inOne(String... statements) throws Exception {
        GtidSet before = regions.executed("phx1");
        List<String> all = new ArrayList<>(List.of("BEGIN"));
        all.addAll(List.of(statements));
        all.add("COMMIT");
        regions.write("phx1", all.toArray(String[]::new));
        GtidSet one = regions.executed("phx1").subtract(before);
        assertThat(one.count()).isEqualTo(1);
        return one.first(1).get(0);
    }

    private static List<StrandedEntry> entries(String region) throws Exception {
        try (Connection root = regions.mysql(region).sessions().open()) {
            return StrandedTable.read(root);
        }
    }

    private static StrandedEntry entry(String region, Gtid gtid) throws Exception {
        return entries(region).stream()
                .filter(one -> one.gtid().equals(gtid))
                .findFirst()
                .orElseThrow();
    }

    @AfterAll
    static void close() throws Exception {
        regions.close();
        for (Proxy proxy : PROXIES) {
            proxy.close();
        }
    }

    @Test
    void strandedChildNeverAttachesToAnotherUser() throws Exception {
        String reason = "app.user.PRIMARY=5 was also written by " + mallory;
        for (String region : ThreeRegions.NAMES) {
            assertThat(regions.query(region, "SELECT COUNT(*) FROM app.email WHERE address LIKE 'alice@%'"))
                    .as(region)
                    .isEqualTo("0");
            assertThat(regions.query(region, "SELECT passwd FROM app.user WHERE id=5"))
                    .as(region)
                    .isEqualTo("of mallory");
            assertThat(regions.query(region, "SELECT GROUP_CONCAT(address) FROM app.email WHERE user=5"))
                    .as(region)
                    .isEqualTo("mallory@example.com");
            for (Gtid gtid : alice) {
                assertThat(entry(region, gtid).disposition()).isEqualTo(Disposition.HELD);
                assertThat(entry(region, gtid).decision().reason()).contains(reason);
            }
        }
        regions.verify();
    }

    @Test
    void anUnrelatedUserIsReleasedWithHerAddressAndIsInAllRegions() throws Exception {
        for (String region : ThreeRegions.NAMES) {
            assertThat(regions.query(
                            region,
                            "SELECT CONCAT(u.passwd, ' ', e.address) FROM app.user u JOIN app.email e ON e.user=u.id"
                                    + " WHERE u.id=70"))
                    .as(region)
                    .isEqualTo("of carol carol@example.com");
            for (Gtid gtid : carol) {
                assertThat(entry(region, gtid).disposition()).isEqualTo(Disposition.RELEASED);
                assertThat(entry(region, gtid).decision().by()).contains("on-return: certified");
            }
        }
    }

    @Test
    void anAddressWhoseUserWasDeletedAndPutBackIsHeld() throws Exception {
        for (String region : ThreeRegions.NAMES) {
            assertThat(regions.query(region, "SELECT COUNT(*) FROM app.email WHERE id=333"))
                    .as(region)
                    .isEqualTo("0");
            assertThat(entry(region, emailOfThree).decision().reason().orElse(""))
                    .startsWith("app.user.PRIMARY=3, which is referred to, was also written by ");
        }
    }

    @Test
    void anAddressThatSomebodyElseTookLeavesNoUserWithoutOneAndTheStagedRowInItsPlace() throws Exception {
        for (String region : ThreeRegions.NAMES) {
            assertThat(regions.query(region, "SELECT COUNT(*) FROM app.user WHERE id=80"))
                    .as(region)
                    .isEqualTo("0");
            assertThat(regions.query(
                            region, "SELECT GROUP_CONCAT(user) FROM app.email WHERE address='dave@example.com'"))
                    .as(region)
                    .isEqualTo("2");
            assertThat(regions.query(region, "SELECT secret FROM app.staged WHERE email='dave@example.com'"))
                    .as(region)
                    .isEqualTo("of dave");
            assertThat(entry(region, dave).disposition()).isEqualTo(Disposition.HELD);
            assertThat(entry(region, dave).decision().reason().orElse("")).contains("app.email.address=");
        }
    }

    /** Increments are off in this session, as in a cluster that never had them. */
    @Test
    void noNumberOfAStrandedTransactionIsGivenOutAgainAnywhere() throws Exception {
        for (String region : ThreeRegions.NAMES) {
            try (Connection root = regions.mysql(region).sessions().open()) {
                await().atMost(SOON).untilAsserted(() -> {
                    assertThat(next(root, "user")).as(region).isGreaterThan(80);
                    assertThat(next(root, "email")).as(region).isGreaterThan(333);
                });
            }
        }
        String[] unapart = {"SET auto_increment_increment=1, auto_increment_offset=1", "BEGIN"};
        try (Connection app = regions.app(master);
                Statement statement = app.createStatement()) {
            for (String sql : unapart) {
                statement.execute(sql);
            }
            statement.execute("INSERT INTO app.user (passwd) VALUES ('of erin')");
            try (ResultSet row = statement.executeQuery("SELECT LAST_INSERT_ID()")) {
                assertThat(row.next()).isTrue();
                assertThat(row.getLong(1)).isGreaterThan(80);
            }
            statement.execute("ROLLBACK");
        }
    }

    private static long next(Connection root, String table) throws Exception {
        return Counters.read(root, new Counters.Table("app", table))
                .map(Counters.Counter::next)
                .orElseThrow()
                .longValue();
    }

    @Test
    void theOperatorIsToldAndRefusedAlike() throws Exception {
        String file = regions.file().toString();
        Shell.Outcome check = new Shell().run("stranded", "check", "--config", file);
        assertThat(check.out())
                .as(check.err())
                .contains("held: app.user.PRIMARY=5 was also written by " + mallory)
                .contains(alice.get(0).toString(), alice.get(2).toString(), emailOfThree.toString())
                .doesNotContain(carol.get(0).toString());
        assertThat(check.code()).isEqualTo(1);
        assertThat(check.out().split("(?m)^(?=held|clean)"))
                .as("the three are one component, for they stand and fall together")
                .anySatisfy(component -> assertThat(component)
                        .startsWith("held: app.user.PRIMARY=5 was also written by " + mallory)
                        .contains(alice.stream().map(Gtid::toString).toList()));

        String one = alice.get(1).toString();
        Shell.Outcome release = new Shell().run("stranded", "release", one, "--config", file);
        assertThat(release.out()).as(release.err()).contains("held: app.user.PRIMARY=5", one);
        assertThat(release.code()).isEqualTo(1);

        Shell.Outcome byForce = new Shell().run("stranded", "release", one, "--uncertified", "--config", file);
        assertThat(byForce.out()).as(byForce.err()).contains("app.user (id=5): a row is there");
        assertThat(byForce.code()).isEqualTo(1);

        Shell.Outcome list = new Shell().run("stranded", "list", "--config", file);
        assertThat(list.out()).contains("app.user.PRIMARY=3");
        Shell.Outcome show = new Shell().run("stranded", "show", carol.get(0).toString(), "--config", file);
        assertThat(show.out()).as(show.err()).contains("released by on-return: certified at ");

        Shell.Outcome discard = new Shell()
                .run("stranded", "discard", one, "--reason", "why not", "--dry-run", "--config", file, "--json");
        assertThat(discard.out()).as(discard.err()).contains("would be discarded");
        Shell.Outcome again =
                new Shell().run("stranded", "discard", carol.get(0).toString(), "--reason", "x", "--config", file);
        assertThat(again.out()).as(again.err()).contains("not held: released");
        assertThat(again.code()).isEqualTo(1);
        assertThat(entry(master, alice.get(1)).disposition()).isEqualTo(Disposition.HELD);
    }

    /** What was defined by hand while it was cut off cannot be undone; nobody released the numbers that it gave out. */
    @Test
    @Order(Integer.MAX_VALUE)
    void strandedChildNeverAttachesToAnotherUserThoughItsRegionIsRebuilt() throws Exception {
        List<Gtid> again = strandedByPhx1AsMaster();
        master = regions.awaitAnother("phx1", SOON);
        String taker = written(master, "INSERT INTO app.user VALUES (500,'of mallory',0)")
                .get(0)
                .toString();
        regions.write(master, "INSERT INTO app.email VALUES (901,500,'mallory@example.org',1)");
        toAws1.cutAndHeal();
        toAws2.cutAndHeal();
        regions.mysql("phx1").start();
        returned = regions.start("phx1", "phx1-3", file);
        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(returned.status().loop().reason()).contains("dbctl region rebuild phx1 --from"));
        assertThat(again).allMatch(gtid -> regions.cluster().voided().contains(gtid));
        assertThat(regions.query("phx1", "SELECT passwd FROM app.user WHERE id=500"))
                .as("nothing was undone")
                .isEqualTo("new, of alice");

        String[] rebuild = {"region", "rebuild", "phx1", "--from", master, "--yes", "--no-password", "--timeout", "60"};
        List<String> words = new ArrayList<>(List.of(rebuild));
        words.addAll(List.of("--config", regions.file().toString()));
        Shell.Outcome done = Supervisor.run(regions.mysql("phx1"), words.toArray(String[]::new));
        assertThat(done.code()).as(done.out() + done.err()).isZero();
        regions.awaitEqual(SOON);
        // A master that is a copy has no binlogs by which it could tell who wrote what.
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(again.subList(0, 3))
                        .allSatisfy(gtid -> assertThat(
                                        entry(master, gtid).decision().reason())
                                .contains(TAKEN + taker)));
        regions.promote("phx1");
        regions.awaitOpen("phx1", SOON);
        newUsersGetNumbersAbove(501, 950);
        regions.awaitEqual(SOON);
        nothingOfAliceHangsOnMallory(again.subList(0, 3));
    }

    /** The last number of a user, 501, and that of an address are nobody's but a stranded transaction's. */
    private static List<Gtid> strandedByPhx1AsMaster() throws Exception {
        if (!regions.master().equals("phx1")) {
            regions.promote("phx1");
        }
        regions.awaitOpen("phx1", SOON);
        regions.awaitEqual(SOON);
        toAws1.loseAnswers();
        toAws2.loseAnswers();
        List<Gtid> all = written(
                "phx1",
                "INSERT INTO app.user VALUES (500,'of alice',0),(501,'of her other self',0)",
                "INSERT INTO app.email VALUES (950,500,'alice@example.org',0)",
                "UPDATE app.user SET passwd='new, of alice' WHERE id=500",
                "CREATE TABLE app.by_hand (id INT PRIMARY KEY)");
        returned.close();
        regions.mysql("phx1").kill();
        return all;
    }

    private static void newUsersGetNumbersAbove(long user, long email) throws Exception {
        try (Connection app = regions.app("phx1");
                Statement statement = app.createStatement()) {
            statement.execute("SET auto_increment_increment=1, auto_increment_offset=1");
            statement.execute("INSERT INTO app.user (passwd) VALUES ('of frank')");
            statement.execute("INSERT INTO app.email (user, address)"
                    + " SELECT id, 'frank@example.org' FROM app.user WHERE passwd='of frank'");
        }
        assertThat(Long.parseLong(regions.query("phx1", "SELECT id FROM app.user WHERE passwd='of frank'")))
                .isGreaterThan(user);
        assertThat(Long.parseLong(regions.query("phx1", "SELECT id FROM app.email WHERE address='frank@example.org'")))
                .isGreaterThan(email);
    }

    private static void nothingOfAliceHangsOnMallory(List<Gtid> ofAlice) throws Exception {
        for (String region : ThreeRegions.NAMES) {
            String users = "SELECT GROUP_CONCAT(id, ' ', passwd) FROM app.user WHERE id IN (500, 501)";
            assertThat(regions.query(region, users)).as(region).isEqualTo("500 of mallory");
            assertThat(regions.query(region, "SELECT GROUP_CONCAT(address) FROM app.email WHERE user=500"))
                    .as(region)
                    .isEqualTo("mallory@example.org");
            assertThat(regions.query(region, "SELECT COUNT(*) FROM app.email WHERE address LIKE 'alice@%'"))
                    .as(region)
                    .isEqualTo("0");
            for (Gtid gtid : ofAlice) {
                assertThat(entry(region, gtid).disposition()).isEqualTo(Disposition.HELD);
                assertThat(entry(region, gtid).decision().reason())
                        .as(region + ": the copy, asked anew as master, can tell less")
                        .isPresent();
            }
        }
        regions.verify();
    }
}
