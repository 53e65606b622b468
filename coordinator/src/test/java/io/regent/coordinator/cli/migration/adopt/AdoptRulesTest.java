package io.regent.coordinator.cli.migration.adopt;

import static org.assertj.core.api.Assertions.assertThat;

import io.regent.sql.channel.Channel;
import io.regent.sql.channel.Channel.Receiver;
import io.regent.sql.channel.ReplicaSight;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.session.ServerAddress;
import io.regent.sql.session.ServerState;
import io.regent.sql.session.ServerVersion;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AdoptRulesTest {
    private static final UUID PHX1 = new UUID(1, 1);
    private static final UUID AWS1 = new UUID(2, 2);
    private static final UUID AWS2 = new UUID(3, 3);
    private static final Optional<String> AUTOSTART = Optional.of("skip_replica_start");
    private static final Map<String, ServerAddress> ADDRESSES = Map.of(
            "phx1", new ServerAddress("mysql.phx1", 3306),
            "aws1", new ServerAddress("mysql.aws1", 3306),
            "aws2", new ServerAddress("mysql.aws2", 3306));

    private final Map<String, ReplicaSight> servers = new LinkedHashMap<>();
    private final Set<String> unfinished = new LinkedHashSet<>();

    @BeforeEach
    void aMasterAndTwoReplicas() {
        servers.put("phx1", new Server(PHX1).open().sight());
        servers.put("aws1", new Server(AWS1).with(channel(PHX1)).sight());
        servers.put("aws2", new Server(AWS2).with(channel(PHX1)).sight());
    }

    private static Channel channel(UUID source) {
        return new Channel(
                "",
                "mysql.phx1",
                3306,
                Optional.of(source),
                true,
                Receiver.RUNS,
                true,
                Duration.ZERO,
                List.of(),
                List.of());
    }

    /** A server as it is made step by step. */
    private record Server(
            UUID uuid,
            boolean readOnly,
            String executed,
            List<Channel> channels,
            boolean held,
            Optional<String> semiSync) {
        Server(UUID uuid) {
            this(uuid, true, PHX1 + ":1-10", List.of(), false, Optional.empty());
        }

        Server open() {
            return new Server(uuid, false, executed, channels, held, semiSync);
        }

        Server executed(String set) {
            return new Server(uuid, readOnly, set, channels, held, semiSync);
        }

        Server with(Channel... all) {
            return new Server(uuid, readOnly, executed, List.of(all), held, semiSync);
        }

        Server heldBack() {
            return new Server(uuid, readOnly, executed, channels, true, semiSync);
        }

        Server semiSync(String variable) {
            return new Server(uuid, readOnly, executed, channels, held, Optional.of(variable));
        }

        ReplicaSight sight() {
            return sight(AUTOSTART);
        }

        ReplicaSight sight(Optional<String> autostart) {
            ServerState state = new ServerState(
                    uuid,
                    1,
                    ServerVersion.parse("8.0.33"),
                    readOnly,
                    readOnly,
                    false,
                    GtidSet.parse(executed),
                    GtidSet.EMPTY);
            return new ReplicaSight(state, channels, autostart, held, semiSync, "", List.of());
        }
    }

    private AdoptPlan plan() {
        return AdoptRules.of("phx1", servers, ADDRESSES, unfinished);
    }

    private void refuses(String region, Server server, String... words) {
        servers.put(region, server.sight());
        assertThat(plan().problems()).hasSize(1);
        assertThat(plan().problems().get(0)).contains("region " + region).contains(words);
    }

    @Test
    void replicasOfTheMasterAreTakenOver() {
        assertThat(plan().problems()).isEmpty();
        assertThat(plan().order()).containsExactlyInAnyOrder("aws1", "aws2");
        assertThat(plan().sources()).isEqualTo(Map.of("aws1", "phx1", "aws2", "phx1"));
    }

    @Test
    void inAChainTheLastIsStoppedFirst() {
        servers.put("aws1", new Server(AWS1).with(channel(AWS2)).sight());
        assertThat(plan().problems()).isEmpty();
        assertThat(plan().order()).containsExactly("aws1", "aws2");
    }

    @Test
    void replicasOfEachOtherAreNobodysOfTheMaster() {
        servers.put("aws1", new Server(AWS1).with(channel(AWS2)).sight());
        servers.put("aws2", new Server(AWS2).with(channel(AWS1)).sight());
        assertThat(plan().problems())
                .hasSize(2)
                .allSatisfy(problem -> assertThat(problem).contains("no replica of phx1"));
    }

    @Test
    void aMasterThatIsAReplicaItselfIsRefused() {
        refuses("phx1", new Server(PHX1).open().with(channel(AWS1)), "it is a replica itself");
    }

    @Test
    void aReplicaOfSomebodyElseIsRefused() {
        refuses("aws1", new Server(AWS1).with(channel(new UUID(9, 9))), "is no region of the file");
    }

    @Test
    void aSourceThatWasNotConnectedYetIsKnownByItsAddress() {
        Channel stopped = new Channel(
                "",
                "mysql.phx1",
                3306,
                Optional.empty(),
                true,
                Receiver.STOPPED,
                false,
                Duration.ZERO,
                List.of(),
                List.of());
        servers.put("aws1", new Server(AWS1).with(stopped).heldBack().sight());
        unfinished.add("aws1");
        assertThat(plan().problems()).isEmpty();
        assertThat(plan().sources()).containsEntry("aws1", "phx1");
        assertThat(plan().notes()).anyMatch(note -> note.contains("aws1 was stopped by an earlier run"));
    }

    private static Channel stopped() {
        return stopped(false);
    }

    private static Channel stopped(boolean applies) {
        return new Channel(
                "",
                "mysql.phx1",
                3306,
                Optional.of(PHX1),
                true,
                Receiver.STOPPED,
                applies,
                Duration.ZERO,
                List.of(),
                List.of());
    }

    @Test
    void aReplicaWhoseReceiverAloneAnEarlierRunStoppedIsGoneOnWith() {
        servers.put("aws1", new Server(AWS1).with(stopped(true)).heldBack().sight());
        unfinished.add("aws1");
        assertThat(plan().problems()).isEmpty();
        assertThat(plan().notes()).anyMatch(note -> note.contains("aws1 was stopped by an earlier run"));
    }

    @Test
    void aMasterThatIsClosedIsRefusedUnlessAnEarlierRunClosedIt() {
        refuses("phx1", new Server(PHX1), "it takes no writes (SEALED)", "SET GLOBAL read_only = OFF");
        unfinished.add("phx1");
        assertThat(plan().problems()).isEmpty();
        assertThat(plan().notes()).anyMatch(note -> note.contains("phx1 was changed by an earlier run"));
    }

    @Test
    void whatAnOperatorStoppedAndKeepsFromStartingIsNotTakenForAnEarlierRuns() {
        refuses("aws1", new Server(AWS1).with(stopped()).heldBack(), "does not run", "START REPLICA");
    }

    @Test
    void aReplicaThatTheFileDoesNotNameIsRefusedForItWouldStopAtRegentsWrites() {
        ReplicaSight sight = new Server(AWS1).with(channel(PHX1)).sight();
        servers.put(
                "aws1",
                new ReplicaSight(
                        sight.state(),
                        sight.channels(),
                        sight.autostart(),
                        false,
                        Optional.empty(),
                        "",
                        List.of(AWS2, new UUID(9, 9))));
        assertThat(plan().problems())
                .singleElement()
                .asString()
                .contains("a replica that the file does not name (" + new UUID(9, 9), "name it in the file");
    }

    @Test
    void aReplicaThatSomebodyElseStoppedIsRefused() {
        Channel stopped = new Channel(
                "",
                "mysql.phx1",
                3306,
                Optional.of(PHX1),
                true,
                Receiver.STOPPED,
                false,
                Duration.ZERO,
                List.of(),
                List.of());
        refuses("aws1", new Server(AWS1).with(stopped), "does not run", "START REPLICA");
    }

    @Test
    void aReplicaThatStoppedByAnErrorIsRefusedWithIt() {
        Channel broken = new Channel(
                "",
                "mysql.phx1",
                3306,
                Optional.of(PHX1),
                true,
                Receiver.RUNS,
                false,
                Duration.ZERO,
                List.of(),
                List.of("Could not execute Update_rows (1032)"));
        refuses("aws1", new Server(AWS1).with(broken).heldBack(), "has stopped: Could not execute Update_rows (1032)");
    }

    @Test
    void positionsDelaysAndFiltersAreRefusedByName() {
        Channel other = new Channel(
                "",
                "mysql.phx1",
                3306,
                Optional.of(PHX1),
                false,
                Receiver.RUNS,
                true,
                Duration.ofHours(1),
                List.of("Replicate_Do_DB = app"),
                List.of());
        servers.put("aws1", new Server(AWS1).with(other).sight());
        assertThat(String.join("\n", plan().problems()))
                .contains("not by GTIDs", "by 3600 s", "Replicate_Do_DB = app")
                .contains("SOURCE_AUTO_POSITION = 1", "SOURCE_DELAY = 0");
        assertThat(plan().problems()).hasSize(3);
    }

    @Test
    void severalChannelsNoneAndAGroupAreRefused() {
        refuses("aws1", new Server(AWS1).with(channel(PHX1), channel(AWS2)), "several channels");
        refuses("aws1", new Server(AWS1), "it replicates from nobody");
        Channel group = new Channel(
                "group_replication_applier",
                "",
                0,
                Optional.empty(),
                true,
                Receiver.STOPPED,
                true,
                Duration.ZERO,
                List.of(),
                List.of());
        refuses("aws1", new Server(AWS1).with(group), "Group Replication");
    }

    @Test
    void aReplicaThatTakesWritesOrHasTakenAnyIsRefused() {
        refuses("aws1", new Server(AWS1).with(channel(PHX1)).open(), "takes writes", "read_only = ON");
        String errant = PHX1 + ":1-9," + AWS1 + ":1-3";
        refuses(
                "aws1",
                new Server(AWS1).with(channel(PHX1)).executed(errant),
                "3 transactions that phx1 lacks",
                ":1-3");
    }

    @Test
    void aMasterThatWaitsForAcknowledgementsIsRefused() {
        refuses(
                "phx1",
                new Server(PHX1).open().semiSync("rpl_semi_sync_source_enabled"),
                "a link acknowledges nothing",
                "SET PERSIST rpl_semi_sync_source_enabled = OFF");
    }

    @Test
    void aServerThatCannotBeKeptFromStartingItsThreadsIsRefused() {
        servers.put("aws1", new Server(AWS1).with(channel(PHX1)).sight(Optional.empty()));
        assertThat(plan().problems()).hasSize(1).allMatch(problem -> problem.contains("8.0.24"));
    }

    @Test
    void aCopyOfTheMastersDataDirectoryIsRefused() {
        servers.put("aws1", new Server(PHX1).with(channel(PHX1)).sight());
        assertThat(plan().problems()).anyMatch(problem -> problem.contains("same server uuid"));
    }
}
