package io.regent.sql.carriage;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.sql.carriage.Obstacle.Weight;
import io.regent.sql.carriage.ServerContents.Item;
import io.regent.sql.carriage.ServerContents.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each rule, on facts made by hand. */
class CarriageTest {
    private static final Map<String, String> RIGHT = Map.ofEntries(
            Map.entry("log_bin", "ON"),
            Map.entry("gtid_mode", "ON"),
            Map.entry("enforce_gtid_consistency", "ON"),
            Map.entry("log_replica_updates", "ON"),
            Map.entry("binlog_format", "ROW"),
            Map.entry("binlog_row_image", "FULL"),
            Map.entry("binlog_row_metadata", "FULL"),
            Map.entry("binlog_row_value_options", ""),
            Map.entry("binlog_checksum", "CRC32"),
            Map.entry("binlog_expire_logs_seconds", "2592000"),
            Map.entry("lower_case_table_names", "0"),
            Map.entry("time_zone", "SYSTEM"),
            Map.entry("version", "8.0.33"),
            Map.entry("gtid_executed", "11111111-2222-3333-4444-555555555555:1-5"));

    /** A server, as the rules see it. */
    private static final class Server {
        private final Map<String, String> settings = new TreeMap<>(RIGHT);
        private final Map<Kind, List<Item>> items = new EnumMap<>(Kind.class);

        Server set(String name, String value) {
            settings.put(name, value);
            return this;
        }

        Server has(Kind kind, String schema, String name, String detail) {
            items.computeIfAbsent(kind, first -> new ArrayList<>()).add(new Item(schema, name, detail));
            return this;
        }

        ServerContents contents() {
            Map<Kind, List<Item>> all = new EnumMap<>(Kind.class);
            all.putAll(items);
            List<Item> variables = new ArrayList<>();
            settings.forEach((name, value) -> variables.add(new Item("", name, value)));
            all.put(Kind.VARIABLE, variables);
            return new ServerContents(all);
        }
    }

    private static List<Obstacle> of(Server server) {
        return Carriage.of(server.contents(), Duration.ofDays(1));
    }

    private static Obstacle only(Server server) {
        assertThat(of(server)).hasSize(1);
        return of(server).get(0);
    }

    private static List<Obstacle> between(Server source, Server target) {
        return Carriage.between("phx1", source.contents(), "aws1", target.contents());
    }

    @Test
    void aServerAsItShouldBeHasNoObstacle() {
        assertThat(of(new Server())).isEmpty();
        assertThat(between(new Server(), new Server())).isEmpty();
        assertThat(Carriage.straying(new Server().contents())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "binlog_row_image, MINIMAL, STOPS, SET PERSIST binlog_row_image = 'FULL'",
        "binlog_row_metadata, MINIMAL, STOPS, SET PERSIST binlog_row_metadata = 'FULL'",
        "binlog_checksum, NONE, STOPS, SET PERSIST binlog_checksum = 'CRC32'",
        "binlog_row_value_options, PARTIAL_JSON, COSTS, SET PERSIST binlog_row_value_options = ''''",
        "binlog_format, MIXED, REFUSES, SET PERSIST binlog_format = 'ROW'",
        "binlog_expire_logs_seconds, 3600, COSTS, SET PERSIST binlog_expire_logs_seconds = 86400",
    })
    void aSettingThatCanBeSetOnlineIsNamedWithItsStatement(String name, String value, Weight weight, String statement) {
        Obstacle found = only(new Server().set(name, value));
        assertThat(found.subject()).isEqualTo(name);
        assertThat(found.found()).startsWith(value + "; ");
        assertThat(found.weight()).isEqualTo(weight);
        assertThat(found.statements()).containsExactly(statement.replace("''''", "''"));
        assertThat(found.line()).endsWith("; remedy: " + found.statements().get(0));
        assertThat(found.isSetOnline()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"log_bin, OFF", "log_replica_updates, OFF"})
    void aSettingThatNeedsARestartIsNamedWithItsLine(String name, String value) {
        Obstacle found = only(new Server().set(name, value));
        assertThat(found.weight()).isEqualTo(Weight.REFUSES);
        assertThat(found.remedy()).contains("line  " + name + " = ", "my.cnf", "restart");
        assertThat(found.isSetOnline()).isFalse();
    }

    @Test
    void binlogsThatAreKeptForEverOrLongEnoughAreRight() {
        assertThat(of(new Server().set("binlog_expire_logs_seconds", "0"))).isEmpty();
        assertThat(of(new Server().set("binlog_expire_logs_seconds", "86400"))).isEmpty();
        assertThat(only(new Server().set("binlog_expire_logs_seconds", "86399")).found())
                .contains("86399 s", "24 h");
        Server inDays = new Server().set("binlog_expire_logs_seconds", "0");
        assertThat(of(inDays.set("expire_logs_days", "1"))).isEmpty();
        assertThat(Carriage.of(inDays.contents(), Duration.ofDays(2)))
                .singleElement()
                .satisfies(found -> assertThat(found.statements())
                        .containsExactly(
                                "SET PERSIST expire_logs_days = 0", "SET PERSIST binlog_expire_logs_seconds = 172800"));
    }

    @Test
    void theWayToGtidsBeginsWhereTheServerStandsAndIsNeverWalked() {
        List<Obstacle> off = of(new Server().set("gtid_mode", "OFF").set("enforce_gtid_consistency", "OFF"));
        assertThat(off).extracting(Obstacle::subject).containsExactly("gtid_mode", "enforce_gtid_consistency");
        assertThat(off).allSatisfy(found -> {
            assertThat(found.weight()).isEqualTo(Weight.REFUSES);
            assertThat(found.statements()).isEmpty();
        });
        assertThat(off.get(0).remedy())
                .containsSubsequence(
                        "1) SET GLOBAL enforce_gtid_consistency = WARN; 2)",
                        "3) SET PERSIST enforce_gtid_consistency = ON; 4) SET PERSIST gtid_mode = OFF_PERMISSIVE",
                        "5) SET PERSIST gtid_mode = ON_PERMISSIVE",
                        "6) wait until SHOW STATUS LIKE 'Ongoing_anonymous_transaction_count' says 0",
                        "7) SET PERSIST gtid_mode = ON",
                        "my.cnf",
                        "backup");
        assertThat(only(new Server().set("gtid_mode", "ON_PERMISSIVE")).remedy())
                .contains("1) wait until", "2) SET PERSIST gtid_mode = ON")
                .doesNotContain("OFF_PERMISSIVE", "consistency = WARN");
    }

    @Test
    void aSessionThatKeptItsFormatIsNamed() {
        Obstacle found = only(new Server().has(Kind.FORMAT, "", "12", "STATEMENT"));
        assertThat(found.found()).contains("12 (STATEMENT)");
        assertThat(found.statements()).containsExactly("KILL 12");
        assertThat(found.isSetOnline()).as("it ends a session").isFalse();
    }

    @Test
    void aSessionThatKeptItsImageIsNamed() {
        Obstacle found = only(new Server().has(Kind.IMAGE, "", "13", "MINIMAL"));
        assertThat(found.found()).contains("13 (MINIMAL)");
        assertThat(found.statements()).containsExactly("KILL 13");
        assertThat(found.subject()).isEqualTo("binlog_row_image of sessions");
    }

    @Test
    void tablesOfOtherEnginesAreNamedWithTheirStatements() {
        Obstacle found = only(new Server().has(Kind.ENGINE, "a`b", "t", "MyISAM"));
        assertThat(found.weight()).isEqualTo(Weight.STOPS);
        assertThat(found.found()).contains("a`b.t (MyISAM)");
        assertThat(found.remedy()).contains("sql_log_bin=0");
        assertThat(found.statements()).containsExactly("ALTER TABLE `a``b`.`t` ENGINE = InnoDB");
    }

    @Test
    void tablesWithoutAKeyAreToldWithWhatTheyCost() {
        Obstacle found =
                only(new Server().has(Kind.KEYLESS, "app", "bare", "0").has(Kind.KEYLESS, "app", "indexed", "1"));
        assertThat(found.weight()).isEqualTo(Weight.COSTS);
        assertThat(found.found())
                .contains("app.bare, app.indexed; ", "never released", "in app.bare has every other region read");
        assertThat(found.remedy()).contains("not a new AUTO_INCREMENT column");
        assertThat(only(new Server().has(Kind.KEYLESS, "app", "indexed", "1")).found())
                .doesNotContain("read the whole table");
    }

    @Test
    void ofManyTablesTheFirstAreNamedAndTheRestIsCounted() {
        Server server = new Server();
        for (int i = 0; i < 14; i++) {
            server.has(Kind.ENGINE, "app", "t" + i, "CSV");
        }
        assertThat(only(server).found()).contains("app.t9 (CSV) and 4 more").doesNotContain("t10");
        assertThat(only(server).statements()).hasSize(14);
    }

    @Test
    void aReplicaChannelIsRefused() {
        Obstacle found = only(new Server().has(Kind.CHANNEL, "", "", "db9:3306 running"));
        assertThat(found.weight()).isEqualTo(Weight.REFUSES);
        assertThat(found.found()).contains("from db9:3306 running");
        assertThat(found.statements())
                .containsExactly("STOP REPLICA FOR CHANNEL ''", "RESET REPLICA ALL FOR CHANNEL ''");
        Obstacle group = only(new Server().has(Kind.CHANNEL, "", "group_replication_applier", "<NULL>:0 running"));
        assertThat(group.remedy()).contains("STOP GROUP_REPLICATION");
    }

    @Test
    void tagsOfGtidsAreNamed() {
        Obstacle found = only(new Server()
                .set("gtid_executed", "11111111-2222-3333-4444-555555555555:1-5:batch:1-2")
                .set("version", "9.7.4"));
        assertThat(found.weight()).isEqualTo(Weight.STOPS);
        assertThat(found.found()).contains("batch", "8.3");
    }

    @Test
    void whatIsKnownOfXaIsSaid() {
        Obstacle found = only(new Server().has(Kind.STATEMENTS, "", "statement/sql/xa_start", "7"));
        assertThat(found.weight()).isEqualTo(Weight.COSTS);
        assertThat(found.found()).contains("7 times", "a link stops", "rebuilt");
    }

    @Test
    void whoWritesPastReadOnlyIsNamed() {
        Server server = new Server()
                .has(Kind.PRIVILEGED, "app", "10.%", "")
                .has(Kind.PRIVILEGED, "owner", "%", "LOCKED")
                .has(Kind.PRIVILEGED, "root", "localhost", "ADMINISTRATOR");
        assertThat(of(server)).hasSize(2);
        assertThat(of(server).get(0).statements())
                .containsExactly("REVOKE SUPER, CONNECTION_ADMIN ON *.* FROM 'app'@'10.%'");
        assertThat(of(server).get(0).found()).doesNotContain("root");
        assertThat(of(server).get(1).weight()).isEqualTo(Weight.TOLD);
        server.has(Kind.EVENT, "app", "tidy", "root@localhost").has(Kind.EVENT, "app", "plain", "other@%");
        assertThat(Carriage.straying(server.contents())).singleElement().satisfies(found -> {
            assertThat(found.subject()).isEqualTo("event app.tidy");
            assertThat(found.statements()).containsExactly("ALTER EVENT `app`.`tidy` DISABLE");
        });
        server.has(Kind.EVENT, "app", "locked", "owner@%");
        assertThat(Carriage.straying(server.contents()))
                .as("whose definer is locked runs too")
                .hasSize(2);
    }

    @Test
    void namesOfTablesThatAreReadOtherwiseAreNamed() {
        assertThat(between(new Server(), new Server().set("lower_case_table_names", "1")))
                .singleElement()
                .satisfies(found -> {
                    assertThat(found.found()).startsWith("1 at aws1, 0 at phx1");
                    assertThat(found.remedy())
                            .contains("line  lower_case_table_names = 0", "dbctl region rebuild aws1");
                });
    }

    @Test
    void aCollationThatTheOtherServerDoesNotKnowIsNamedWithWhatUsesIt() {
        Server source = new Server()
                .has(Kind.COLLATION, "", "utf8mb4_ours", "1025")
                .has(Kind.COLLATION, "", "utf8mb3_general_ci", "33")
                .has(Kind.COLLATED, "", "utf8mb4_ours", "column app.t.c")
                .has(Kind.COLLATED, "", "utf8mb4_ours", "schema app")
                .has(Kind.COLLATED, "", "utf8mb3_general_ci", "column app.t.d");
        Server target = new Server().has(Kind.COLLATION, "", "utf8_general_ci", "33");
        assertThat(between(source, target)).singleElement().satisfies(found -> {
            assertThat(found.weight()).isEqualTo(Weight.STOPS);
            assertThat(found.subject()).isEqualTo("collation utf8mb4_ours");
            assertThat(found.found()).contains("column app.t.c of phx1 uses it", "aws1 does not know it");
        });
        target.has(Kind.COLLATION, "", "utf8mb4_theirs", "1025");
        assertThat(between(source, target)).as("its number is another's").hasSize(1);
        target.has(Kind.COLLATION, "", "utf8mb4_ours", "1026");
        assertThat(between(source, target)).as("events carry the number").hasSize(1);
    }

    @Test
    void vectorsAreNamedForAServerThatHasNone() {
        Server source = new Server().set("version", "9.7.4").has(Kind.VECTOR, "app", "t", "`e` vector(3) NOT NULL");
        assertThat(between(source, new Server())).singleElement().satisfies(found -> {
            assertThat(found.found()).contains("app.t `e` vector(3) NOT NULL at phx1", "8.0.33 of aws1");
            assertThat(found.remedy()).contains("ALTER TABLE `app`.`t` MODIFY `e` VARBINARY(12) NOT NULL");
        });
        assertThat(between(source, new Server().set("version", "9.0.0"))).isEmpty();
    }

    @Test
    void timeZonesThatDefinitionsUseAndTheOtherServerLacksAreNamed() {
        Server source = new Server()
                .has(Kind.ZONE, "", "Europe/Berlin", "1-1")
                .has(Kind.ZONE, "", "UTC", "2-2")
                .has(Kind.ZONED, "app", "e", "'Europe/Berlin' DELETE FROM t WHERE c = 'word'");
        Server target = new Server().has(Kind.ZONE, "", "UTC", "2-2");
        assertThat(between(source, target)).singleElement().satisfies(found -> {
            assertThat(found.weight()).isEqualTo(Weight.COSTS);
            assertThat(found.found()).contains("Europe/Berlin is used at phx1 (by app.e)", "aws1 has no such zone");
            assertThat(found.remedy()).contains("mysql_tzinfo_to_sql", "sql_log_bin=0", "aws1");
        });
        target.has(Kind.ZONE, "", "Europe/Berlin", "9-9");
        assertThat(between(source, target)).singleElement().satisfies(found -> {
            assertThat(found.weight()).isEqualTo(Weight.COSTS);
            assertThat(found.found()).contains("Europe/Berlin", "other rules");
        });
    }

    @Test
    void aWordWithASlashIsAZoneOnlyIfTheServerKnowsItOrNone() {
        Server source = new Server()
                .has(Kind.ZONE, "", "Europe/Berlin", "1-1")
                .has(Kind.ZONED, "app", "v", "ifnull(convert_tz(d,'UTC','europe/berlin'),'N/A')");
        Server target = new Server().has(Kind.ZONE, "", "Europe/Berlin", "1-1");
        assertThat(between(source, target)).isEmpty();
        assertThat(between(source, new Server().has(Kind.ZONE, "", "UTC", "2-2")))
                .singleElement()
                .satisfies(found -> assertThat(found.found()).startsWith("europe/berlin is used"));
        Server empty = new Server()
                .has(Kind.ZONED, "app", "v", "ifnull(convert_tz(d,'UTC','Asia/Tokyo'),'N/A') or 'application/json'");
        assertThat(between(empty, target))
                .singleElement()
                .satisfies(found -> assertThat(found.found()).startsWith("Asia/Tokyo is used"));
    }

    @Test
    void timeZoneTablesThatAreEmptyAtOneServerOnlyAreTold() {
        Server source = new Server().has(Kind.ZONE, "", "UTC", "2-2");
        assertThat(between(source, new Server())).singleElement().satisfies(found -> {
            assertThat(found.weight()).isEqualTo(Weight.COSTS);
            assertThat(found.found()).contains("phx1 has tables of named zones, aws1 has none");
        });
        assertThat(between(new Server(), source)).isEmpty();
        assertThat(between(new Server().set("time_zone", "Asia/Tokyo"), new Server()))
                .singleElement()
                .satisfies(found -> {
                    assertThat(found.weight()).isEqualTo(Weight.STOPS);
                    assertThat(found.found()).contains("Asia/Tokyo", "the variable time_zone");
                });
        assertThat(between(new Server().set("time_zone", "+02:00"), new Server()))
                .isEmpty();
    }
}
