package io.regent.replicator.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.regent.replicator.lab.Links;
import io.regent.replicator.lab.Region;
import io.regent.replicator.order.Delivery;
import io.regent.sql.gtid.Gtid;
import io.regent.sql.gtid.GtidSet;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ThreeRegionsIT {

    private Region phx1;
    private Region aws1;
    private Region aws2;

    @BeforeEach
    void startRegions(@TempDir Path directory) throws SQLException {
        phx1 = Region.start("phx1", directory);
        aws1 = Region.start("aws1", directory);
        aws2 = Region.start("aws2", directory);
    }

    @AfterEach
    void stopRegions() {
        phx1.close();
        aws1.close();
        aws2.close();
    }

    @Test
    void changesOfSeveralOriginsReachAllWithoutLoopsAndNeverBeforeTheirCauses() throws Exception {
        // The direct link from phx1 is slow: what phx1 wrote is at aws2 later than what aws1 wrote after it.
        Delivery slow =
                gtid -> System.nanoTime() / 30_000_000 % 3 == 0 ? Delivery.Answer.DELIVER : Delivery.Answer.HOLD;
        try (Link toAws1 = Links.start(phx1, aws1);
                Link toPhx1 = Links.start(aws1, phx1);
                Link slowToAws2 = Links.start(Links.settings(phx1, aws2), slow);
                Link toAws2 = Links.start(aws1, aws2)) {
            phx1.execute(
                    "CREATE DATABASE app",
                    "CREATE TABLE app.parent (id INT PRIMARY KEY)",
                    "CREATE TABLE app.child (id INT PRIMARY KEY, parent INT)");
            Links.awaitEverything(phx1, aws2, slowToAws2);
            for (int i = 1; i <= 60; i++) {
                phx1.execute("INSERT INTO app.parent VALUES (" + i + ")");
                Links.awaitEverything(phx1, aws1, toAws1);
                aws1.execute("INSERT INTO app.child VALUES (" + i + "," + i + ")");
                assertThat(aws2.query("SELECT child.id FROM app.child LEFT JOIN app.parent ON parent=parent.id"
                                + " WHERE parent.id IS NULL"))
                        .as("children before their parents at aws2")
                        .isEmpty();
            }
            Links.awaitEverything(aws1, phx1, toPhx1);
            Links.awaitEverything(aws1, aws2, toAws2);
            Links.assertEqual(phx1, aws1, "app");
            Links.assertEqual(phx1, aws2, "app");
            GtidSet quiet = phx1.executed();
            assertThat(aws1.executed()).isEqualTo(quiet);
            assertThat(aws2.executed()).isEqualTo(quiet);
            assertThat(slowToAws2.status().state()).isNotEqualTo(LinkStatus.State.FAILED);
        }
    }

    @Test
    void aLinkThatWaitsSaysForWhat() throws SQLException {
        try (Link toAws1 = Links.start(phx1, aws1);
                Link toAws2 = Links.start(aws1, aws2)) {
            phx1.execute("CREATE DATABASE app", "CREATE TABLE app.t (id INT PRIMARY KEY)");
            Links.awaitEverything(phx1, aws1, toAws1);
            aws1.execute("INSERT INTO app.t VALUES (1)");
            LinkStatus waiting = Links.awaitState(toAws2, LinkStatus.State.WAITING);
            assertThat(waiting.detail()).contains(phx1.uuid() + ":1-2").contains(aws1.uuid() + ":1");
            try (Link direct = Links.start(phx1, aws2)) {
                Links.awaitEverything(aws1, aws2, toAws2);
                Links.awaitEverything(phx1, aws2, direct);
            }
        }
    }

    /** A rule that knows who owns which uuid, and no cut; of late ones it learns when it was asked once. */
    private record Owners(Set<UUID> known, Set<UUID> late) implements Delivery {
        @Override
        public Answer of(Gtid gtid) {
            return Answer.DELIVER;
        }

        @Override
        public GtidSet unowned(GtidSet foreign) {
            GtidSet strange = foreign.restrictedTo(uuid -> !known.contains(uuid));
            if (!strange.isEmpty()) {
                known.addAll(late);
            }
            return strange;
        }
    }

    @Test
    void anOriginThatNobodyOwnsStopsTheLinkByName() throws SQLException {
        UUID nobody = UUID.fromString("99999999-8888-7777-6666-555555555555");
        aws1.execute(
                "CREATE DATABASE app",
                "CREATE TABLE app.t (id INT PRIMARY KEY)",
                "SET gtid_next='" + nobody + ":7'",
                "INSERT INTO app.t VALUES (1)",
                "SET gtid_next='AUTOMATIC'",
                "INSERT INTO app.t VALUES (2)");
        Set<UUID> known = ConcurrentHashMap.newKeySet();
        known.add(phx1.uuid());
        known.add(aws1.uuid());
        try (Link link = Links.start(Links.settings(aws1, aws2), new Owners(known, Set.of()))) {
            assertThat(Links.awaitState(link, LinkStatus.State.FAILED).detail())
                    .contains(nobody + ":7")
                    .contains("no region owns the server uuid " + nobody + ".")
                    .contains("aws1 has", "which aws2 lacks", "commit each of these");
            assertThat(link.isAbsent()).as("nobody carries round it").isFalse();
        }
        assertThat(aws2.query("SELECT id FROM app.t")).isEmpty();
        try (Link link = Links.start(Links.settings(aws1, aws2), new Owners(known, Set.of(nobody)))) {
            Links.awaitState(link, LinkStatus.State.WAITING); // for a link of its own, which brings it in the end
            await().during(Duration.ofSeconds(2))
                    .atMost(Duration.ofSeconds(5))
                    .until(() -> link.status().state() == LinkStatus.State.WAITING);
            aws2.execute("SET gtid_next='" + nobody + ":7'", "INSERT INTO app.t VALUES (1)");
            Links.awaitEverything(aws1, aws2, link);
            assertThat(aws2.query("SELECT id FROM app.t ORDER BY id")).containsExactly("1", "2");
        }
    }

    @Test
    void whatIsNotDeliverableIsHeldAndWhatIsVoidIsCommittedEmpty() throws SQLException {
        phx1.execute("CREATE DATABASE app", "CREATE TABLE app.t (id INT PRIMARY KEY)");
        long history = phx1.executed().count();
        AtomicBoolean voided = new AtomicBoolean();
        Delivery rule = gtid -> !isBeyond(gtid, history)
                ? Delivery.Answer.DELIVER
                : voided.get() ? Delivery.Answer.VOID : Delivery.Answer.HOLD;
        try (Link link = Links.start(Links.settings(phx1, aws1), rule)) {
            Links.awaitEverything(phx1, aws1, link);
            phx1.execute("INSERT INTO app.t VALUES (1)");
            assertThat(Links.awaitState(link, LinkStatus.State.HELD).detail())
                    .contains(phx1.uuid() + ":" + (history + 1));
            assertThat(aws1.executed().count()).isEqualTo(history);
            voided.set(true);
            Links.awaitEverything(phx1, aws1, link);
            assertThat(aws1.query("SELECT * FROM app.t")).isEmpty();
        }
        // A later link reads the same bytes from the binlog: the GTID is executed, they stay out.
        try (Link again = Links.start(phx1, aws1)) {
            phx1.execute("INSERT INTO app.t VALUES (2)");
            Links.awaitEverything(phx1, aws1, again);
            assertThat(aws1.query("SELECT * FROM app.t")).containsExactly("2");
        }
    }

    private static boolean isBeyond(Gtid gtid, long history) {
        return gtid.number() > history;
    }

    @Test
    void anotherReaderWithTheSameIdEndsAConnectionButNotTheLink() throws SQLException {
        phx1.execute("CREATE DATABASE app", "CREATE TABLE app.t (id INT PRIMARY KEY)");
        LinkSettings settings = Links.settings(phx1, aws1);
        try (Link link = Links.start(settings, Delivery.everything())) {
            Links.awaitEverything(phx1, aws1, link);
            for (int i = 0; i < 3; i++) {
                String dump =
                        phx1.value("SELECT id FROM information_schema.processlist WHERE command LIKE 'Binlog Dump%'");
                phx1.execute("KILL " + dump, "INSERT INTO app.t VALUES (" + i + ")");
                Links.awaitEverything(phx1, aws1, link);
                await().atMost(Duration.ofSeconds(10))
                        .until(() -> !phx1.query("SELECT id FROM information_schema.processlist WHERE command LIKE"
                                        + " 'Binlog Dump%'")
                                .isEmpty());
            }
            Links.assertEqual(phx1, aws1, "app");
        }
    }
}
