package io.regent.sql.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.sql.carriage.ServerContents;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.preflight.Concern.Level;
import io.regent.sql.preflight.ServerSight.SessionSight;
import io.regent.sql.session.ServerState;
import io.regent.sql.session.ServerVersion;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ServerPairTest {
    private static final UUID UUID_OF_PHX1 = new UUID(0, 1);
    private static final GtidSet TEN = GtidSet.parse(UUID_OF_PHX1 + ":1-10");
    private static final Map<String, String> USUAL = Map.of(
            "sync_binlog",
            "1",
            "innodb_flush_log_at_trx_commit",
            "1",
            "auto_increment_increment",
            "8",
            "auto_increment_offset",
            "1");

    private static ServerSight sight(String region, String version, GtidSet purged, Map<String, String> variables) {
        ServerState state =
                new ServerState(UUID_OF_PHX1, 1, ServerVersion.parse(version), true, false, false, TEN, purged);
        Map<String, String> all = new TreeMap<>(USUAL);
        all.putAll(variables);
        return new ServerSight(region, state, all, Map.of(), ServerContents.ofSettings(all), List.of(), List.of());
    }

    private static ServerSight phx1(String version) {
        return sight("phx1", version, GtidSet.EMPTY, Map.of());
    }

    private static ServerSight aws1(String version) {
        return sight("aws1", version, GtidSet.EMPTY, Map.of("auto_increment_offset", "2"));
    }

    private static List<Concern> concerns(ServerSight master, ServerSight target) {
        return new ServerPair(master, target, Duration.ofHours(1)).concerns(Map.of());
    }

    @Test
    void twoOfAKindConcernNobody() {
        assertThat(concerns(phx1("8.0.33"), aws1("8.0.33"))).isEmpty();
    }

    @Test
    void anOlderSeriesIsRefusedAndANewerOneIsTold() {
        assertThat(concerns(phx1("9.7.0"), aws1("8.0.33"))).singleElement().satisfies(concern -> {
            assertThat(concern.level()).isEqualTo(Level.ERROR);
            assertThat(concern.text()).isEqualTo("aws1 has MySQL 8.0.33, older than 9.7.0 of phx1");
            assertThat(concern.risk()).isNotEmpty();
        });
        assertThat(concerns(phx1("8.0.33"), aws1("9.7.0"))).singleElement().satisfies(concern -> {
            assertThat(concern.level()).isEqualTo(Level.WARNING);
            assertThat(concern.text()).contains("aws1 has MySQL 9.7.0, phx1 8.0.33", "the way back");
        });
    }

    @Test
    void anotherPatchOfTheSameSeriesIsTold() {
        for (String other : List.of("8.0.32", "8.0.34")) {
            assertThat(concerns(phx1("8.0.33"), aws1(other))).singleElement().satisfies(concern -> {
                assertThat(concern.level()).as(other).isEqualTo(Level.WARNING);
                assertThat(concern.text()).isEqualTo("aws1 has MySQL " + other + ", phx1 8.0.33");
            });
        }
    }

    @Test
    void whatTheTargetPurgedAndAThirdRegionLacksIsRefused() {
        GtidSet five = GtidSet.parse(UUID_OF_PHX1 + ":1-5");
        ServerSight target = sight("aws1", "8.0.33", five, Map.of("auto_increment_offset", "2"));
        ServerPair pair = new ServerPair(phx1("8.0.33"), target, Duration.ofHours(1));
        assertThat(pair.concerns(Map.of("phx1", TEN, "aws2", GtidSet.parse(UUID_OF_PHX1 + ":1-3"))))
                .singleElement()
                .satisfies(concern -> {
                    assertThat(concern.level()).isEqualTo(Level.ERROR);
                    assertThat(concern.text()).isEqualTo("aws1 has purged 2 transactions that aws2 lacks");
                    assertThat(concern.risk()).isEqualTo("aws2 may have to be rebuilt");
                });
        assertThat(pair.concerns(Map.of("phx1", TEN, "aws2", five))).isEmpty();
    }

    @Test
    void sessionsOfAdministratorsAtTheMasterAreNamed() {
        AccountSight root = account("root", Set.of(new Grant("SUPER", "*.*")));
        AccountSight app = account("app", Set.of(new Grant("INSERT", "*.*")));
        ServerSight master = new ServerSight(
                "phx1",
                phx1("8.0.33").state(),
                USUAL,
                new HashMap<>(Map.of(root.name(), root, app.name(), app)),
                ServerContents.ofSettings(Map.of()),
                List.of(new SessionSight(7, "root", "10.0.0.7:5"), new SessionSight(8, "app", "10.0.0.8:5")),
                List.of());
        assertThat(PastReadOnly.compare(master, aws1("8.0.33"))).singleElement().satisfies(concern -> {
            assertThat(concern.level()).isEqualTo(Level.WARNING);
            assertThat(concern.text()).contains("session 7 of root@10.0.0.7:5 can write at phx1 past read_only");
        });
    }

    private static AccountSight account(String user, Set<Grant> grants) {
        return new AccountSight("'" + user + "'@'%'", user, "", "", "", false, new TreeSet<>(grants));
    }

    @Test
    void whatCannotBeCarriedIsRefusedWithItsRemedyAndWhatItCostsIsTold() {
        ServerSight image = sight("phx1", "8.0.33", GtidSet.EMPTY, Map.of("binlog_row_image", "MINIMAL"));
        assertThat(concerns(image, aws1("8.0.33"))).singleElement().satisfies(concern -> {
            assertThat(concern.level()).isEqualTo(Level.ERROR);
            assertThat(concern.text())
                    .startsWith("at phx1 binlog_row_image: MINIMAL; ")
                    .endsWith("; remedy: SET PERSIST binlog_row_image = 'FULL'");
            assertThat(concern.region()).isEqualTo("phx1");
            assertThat(concern.statements()).containsExactly("SET PERSIST binlog_row_image = 'FULL'");
            assertThat(concern.risk()).isNotEmpty();
        });
        ServerSight names = sight(
                "aws1", "8.0.33", GtidSet.EMPTY, Map.of("auto_increment_offset", "2", "lower_case_table_names", "1"));
        ServerSight master = sight("phx1", "8.0.33", GtidSet.EMPTY, Map.of("lower_case_table_names", "0"));
        assertThat(concerns(master, names))
                .as("the same from both sides")
                .singleElement()
                .satisfies(concern -> {
                    assertThat(concern.level()).isEqualTo(Level.ERROR);
                    assertThat(concern.text()).startsWith("lower_case_table_names: 1 at aws1, 0 at phx1");
                });
        ServerSight binlogs = sight(
                "aws1",
                "8.0.33",
                GtidSet.EMPTY,
                Map.of("auto_increment_offset", "2", "binlog_expire_logs_seconds", "1800"));
        assertThat(concerns(phx1("8.0.33"), binlogs)).singleElement().satisfies(concern -> {
            assertThat(concern.level()).isEqualTo(Level.WARNING);
            assertThat(concern.risk()).isEmpty();
        });
    }

    @Test
    void whatStopsALinkInOneDirectionHidesNothingOfTheOther() {
        ServerSight master = sight("phx1", "8.0.33", GtidSet.EMPTY, Map.of("time_zone", "Asia/Tokyo"));
        ServerSight target = sight(
                "aws1", "8.0.33", GtidSet.EMPTY, Map.of("auto_increment_offset", "2", "time_zone", "Europe/Berlin"));
        assertThat(concerns(master, target))
                .filteredOn(concern -> concern.level() == Level.ERROR)
                .extracting(Concern::text)
                .anySatisfy(text -> assertThat(text).contains("Asia/Tokyo", "aws1 has no such zone"))
                .anySatisfy(text -> assertThat(text).contains("Europe/Berlin", "phx1 has no such zone"));
    }

    @Test
    void numbersThatTwoRegionsWouldBothGiveOutAreRefused() {
        ServerSight sameSlot = sight("aws1", "8.0.33", GtidSet.EMPTY, Map.of("auto_increment_offset", "1"));
        assertThat(concerns(phx1("8.0.33"), sameSlot)).singleElement().satisfies(concern -> {
            assertThat(concern.level()).isEqualTo(Level.ERROR);
            assertThat(concern.text()).contains("auto_increment_offset is 1 at aws1 and at phx1");
        });
        ServerSight otherStep = sight(
                "aws1", "8.0.33", GtidSet.EMPTY, Map.of("auto_increment_offset", "2", "auto_increment_increment", "1"));
        assertThat(concerns(phx1("8.0.33"), otherStep)).singleElement().satisfies(concern -> {
            assertThat(concern.level()).isEqualTo(Level.ERROR);
            assertThat(concern.text()).contains("auto_increment_increment is 1 at aws1, 8 at phx1");
        });
    }
}
