package io.regent.replicator.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.regent.replicator.lab.Links;
import io.regent.replicator.lab.Region;
import io.regent.replicator.order.Delivery;
import io.regent.replicator.verify.Verify;
import io.regent.replicator.verify.VerifyReport;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** aws1 has all of phx1; to aws2 leads a link from each. What phx1 can't bring there any more, aws1 relays. */
@Timeout(120)
class RelayIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private static Region phx1;
    private static Region aws1;
    private static Region aws2;

    private volatile @Nullable Link direct;
    private volatile @Nullable Link relay;
    private Link toAws1;

    /** Everything inside the cut, of phx1 only while its own link is absent. */
    private record Rule(GtidSet cut, GtidSet voided, RelayIT test) implements Delivery {
        @Override
        public Answer of(Gtid gtid) {
            if (voided.contains(gtid)) {
                return Answer.VOID;
            }
            return cut.contains(gtid) ? Answer.DELIVER : Answer.HOLD;
        }

        @Override
        public boolean relays(Gtid foreign) {
            return !relayed(GtidSet.of(foreign)).isEmpty();
        }

        @Override
        public GtidSet relayed(GtidSet foreign) {
            Link own = test.direct;
            boolean absent = own == null || own.isAbsent();
            return absent ? foreign.intersect(cut.union(voided)) : GtidSet.EMPTY;
        }
    }

    @BeforeAll
    static void startRegions(@TempDir Path directory) throws SQLException {
        phx1 = Region.start("phx1", directory);
        aws1 = Region.start("aws1", directory);
        aws2 = Region.start("aws2", directory);
    }

    @AfterAll
    static void stopRegions() {
        phx1.close();
        aws1.close();
        aws2.close();
    }

    @BeforeEach
    void beginEqual() throws SQLException {
        if (!phx1.server().isAlive()) {
            phx1.crash();
        }
        toAws1 = Links.start(phx1, aws1);
        try (Link first = Links.start(phx1, aws2);
                Link second = Links.start(aws1, aws2)) {
            awaitEqual(first, second);
            phx1.execute("DROP DATABASE IF EXISTS app", "CREATE DATABASE app", "CREATE TABLE app.t (id INT, a INT)");
            awaitEqual(first, second);
        }
    }

    private void awaitEqual(Link first, Link second) throws SQLException {
        Links.awaitEverything(phx1, aws1, toAws1);
        Links.awaitEverything(phx1, aws2, first);
        Links.awaitEverything(aws1, aws2, second);
    }

    @AfterEach
    void stopLinks() {
        toAws1.close();
        if (direct != null) {
            direct.close();
        }
        if (relay != null) {
            relay.close();
        }
    }

    private Link startRelay(GtidSet cut, GtidSet voided) {
        Link link = Links.start(Links.settings(aws1, aws2), new Rule(cut, voided, this));
        relay = link;
        return link;
    }

    private Link startDirect(Delivery delivery) {
        Link link = Links.start(Links.settings(phx1, aws2), delivery);
        direct = link;
        return link;
    }

    private void writeAtPhx1(String... statements) throws SQLException {
        phx1.execute(statements);
        Links.awaitEverything(phx1, aws1, toAws1);
    }

    private static void assertVerified() throws SQLException {
        VerifyReport report = new Verify(Map.of("aws1", aws1.observe(), "aws2", aws2.observe()), LIMIT).run(line -> {});
        assertThat(report.isEqual()).as("%s", report).isTrue();
    }

    @Test
    void whatAnOriginThatIsGoneForGoodLeftElsewhereIsRelayedAsItWas() throws SQLException {
        writeAtPhx1(
                "INSERT INTO app.t VALUES (1, 1)",
                "SET SESSION sql_mode='ANSI_QUOTES', time_zone='+05:00', timestamp=1000000000",
                "CREATE TABLE app.\"two words\" (id INT PRIMARY KEY, at TIMESTAMP DEFAULT '2001-02-03 04:05:06')",
                "INSERT INTO app.\"two words\" VALUES (1, NOW())",
                "ALTER TABLE app.t ADD COLUMN b VARCHAR(9) DEFAULT 'b'",
                "CREATE USER IF NOT EXISTS nobody@localhost",
                "CREATE TABLE app.copied (PRIMARY KEY (id)) SELECT id, b FROM app.t",
                "UPDATE app.t SET a=2");
        aws1.execute("INSERT INTO app.t VALUES (2, 2, 'own')");
        writeAtPhx1("INSERT INTO app.t VALUES (3, 3, 'last')");
        phx1.server().kill();
        startDirect(Delivery.everything());
        Link link = startRelay(aws1.executed(), GtidSet.EMPTY);
        Links.awaitEverything(aws1, aws2, link);
        assertThat(link.status().detail()).isEqualTo("relays what " + phx1.uuid() + " committed");
        assertThat(aws2.executed()).isEqualTo(aws1.executed());
        Links.assertEqual(aws1, aws2, "app");
        assertVerified();
    }

    @Test
    void beyondTheCutNothingIsRelayedAndWhatIsVoidComesEmpty() throws SQLException {
        writeAtPhx1("INSERT INTO app.t VALUES (1, 1)");
        GtidSet cut = phx1.executed();
        writeAtPhx1("CREATE TABLE app.stray (id INT)");
        GtidSet voided = phx1.executed().subtract(cut);
        aws1.execute("INSERT INTO app.t VALUES (2, 2)");
        GtidSet inside = cut.union(voided).union(aws1.executed());
        writeAtPhx1("INSERT INTO app.t VALUES (3, 3)");
        aws1.execute("INSERT INTO app.t VALUES (4, 4)");
        phx1.server().kill();
        Link link = startRelay(aws1.executed().restrictedTo(aws1.uuid()::equals).union(cut), voided);
        LinkStatus waiting = Links.awaitState(link, LinkStatus.State.WAITING);
        assertThat(waiting.detail()).contains(phx1.uuid() + ":" + (cut.count() + 2));
        await().atMost(LIMIT).untilAsserted(() -> assertThat(aws2.executed()).isEqualTo(inside));
        assertThat(aws2.query("SELECT id FROM app.t ORDER BY id")).containsExactly("1", "2");
        assertThat(aws2.query("SHOW TABLES FROM app")).containsExactly("t");
    }

    @Test
    void aDirectLinkThatComesBackInTheMiddleBringsNoRowTwice() throws Exception {
        for (int i = 0; i < 60; i++) {
            phx1.execute("INSERT INTO app.t VALUES (" + i + ", 0)");
        }
        phx1.execute("ALTER TABLE app.t ADD COLUMN b INT", "INSERT INTO app.t VALUES (60, 0, 0)", "DROP DATABASE app");
        phx1.execute("CREATE DATABASE app", "CREATE TABLE app.t (id INT)", "INSERT INTO app.t VALUES (1), (1)");
        Links.awaitEverything(phx1, aws1, toAws1);
        try (Connection root = aws2.open();
                Statement statement = root.createStatement()) {
            statement.execute("LOCK TABLES app.t WRITE");
            Link relayed = startRelay(aws1.executed(), GtidSet.EMPTY);
            awaitSession("Waiting for table metadata lock");
            Link returned = startDirect(Delivery.everything());
            awaitSession("Waiting for GTID to be committed");
            statement.execute("UNLOCK TABLES");
            Links.awaitEverything(phx1, aws2, relayed);
            Links.awaitEverything(phx1, aws2, returned);
            assertThat(relayed.status().state()).isNotEqualTo(LinkStatus.State.FAILED);
            assertThat(returned.status().state()).isNotEqualTo(LinkStatus.State.FAILED);
        }
        assertThat(aws2.query("SELECT id FROM app.t")).containsExactly("1", "1");
        assertThat(aws2.executed()).isEqualTo(aws1.executed());
    }

    /** Of the source's word depends whether it may be relayed; of its own link's coming back, that nobody asks for it. */
    @Test
    void whatIsHeldSinceItsSourceHasNotSaidEnoughIsLeftToItsOwnLinkOnceThatDelivers() throws SQLException {
        Rule nothing = new Rule(aws1.executed(), GtidSet.EMPTY, this);
        Link link = Links.start(Links.settings(aws1, aws2), new Delivery() {
            @Override
            public Answer of(Gtid gtid) {
                return gtid.uuid().equals(aws1.uuid()) ? Answer.DELIVER : nothing.of(gtid);
            }

            @Override
            public boolean relays(Gtid foreign) {
                return direct == null || direct.isAbsent();
            }
        });
        relay = link;
        writeAtPhx1("INSERT INTO app.t VALUES (1, 1)");
        aws1.execute("INSERT INTO app.t VALUES (2, 2)");
        assertThat(Links.awaitState(link, LinkStatus.State.HELD).detail()).contains("has not said in which epoch");
        assertThat(aws2.query("SELECT id FROM app.t")).isEmpty();
        startDirect(Delivery.everything());
        Links.awaitEverything(aws1, aws2, link);
        Links.assertEqual(aws1, aws2, "app");
        assertThat(link.status().state()).isEqualTo(LinkStatus.State.RUNNING);
    }

    private static void awaitSession(String state) {
        await().atMost(LIMIT)
                .until(() -> !aws2.query("SELECT id FROM information_schema.processlist WHERE state='" + state + "'")
                        .isEmpty());
    }

    @Test
    void aLinkThatPassedWhatIsMissingNowBeginsAnewAndRelaysIt() throws SQLException {
        Link held = startDirect(gtid -> Delivery.Answer.HOLD);
        await().atMost(LIMIT).until(() -> held.status().connected());
        Link link = startRelay(cutAfterTwoMore(), GtidSet.EMPTY);
        await().atMost(LIMIT).until(() -> link.status().connected());
        writeAtPhx1("INSERT INTO app.t VALUES (1, 1)");
        aws1.execute("INSERT INTO app.t VALUES (2, 2)");
        assertThat(Links.awaitState(link, LinkStatus.State.WAITING).applied()).isZero();
        phx1.server().kill();
        Links.awaitEverything(aws1, aws2, link);
        Links.assertEqual(aws1, aws2, "app");
    }

    @Test
    void itBeginsAnewAlsoWhereNothingFollowsInTheStream() throws SQLException {
        Link held = startDirect(gtid -> Delivery.Answer.HOLD);
        await().atMost(LIMIT).until(() -> held.status().connected());
        Link link = startRelay(cutAfterTwoMore(), GtidSet.EMPTY);
        await().atMost(LIMIT).until(() -> link.status().connected());
        writeAtPhx1("INSERT INTO app.t VALUES (1, 1)");
        phx1.server().kill();
        Links.awaitEverything(aws1, aws2, link);
        Links.assertEqual(aws1, aws2, "app");
    }

    @Test
    void aDirectLinkThatComesAndGoesAndBringsNothingDoesNotPutOffTheRelay() throws SQLException {
        Rule rule = new Rule(cutAfterTwoMore(), GtidSet.EMPTY, this);
        Link link = Links.start(Links.settings(aws1, aws2), new ComesAndGoes(rule));
        relay = link;
        writeAtPhx1("INSERT INTO app.t VALUES (1, 1)");
        aws1.execute("INSERT INTO app.t VALUES (2, 2)");
        Links.awaitEverything(aws1, aws2, link);
        Links.assertEqual(aws1, aws2, "app");
    }

    /** Its own link is there for one of two halves of a second, and then delivers nothing. */
    private record ComesAndGoes(Rule rule) implements Delivery {
        private static boolean isAway() {
            return System.nanoTime() / Duration.ofMillis(500).toNanos() % 2 == 0;
        }

        @Override
        public Answer of(Gtid gtid) {
            return rule.of(gtid);
        }

        @Override
        public boolean relays(Gtid foreign) {
            return isAway() && rule.relays(foreign);
        }

        @Override
        public GtidSet relayed(GtidSet foreign) {
            return isAway() ? rule.relayed(foreign) : GtidSet.EMPTY;
        }
    }

    /** What is about to be written belongs to history already. */
    private static GtidSet cutAfterTwoMore() throws SQLException {
        return aws1.executed()
                .union(GtidSet.parse(phx1.uuid() + ":1-" + (phx1.executed().count() + 2)))
                .union(GtidSet.parse(aws1.uuid() + ":1-1000"));
    }
}
