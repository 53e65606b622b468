package io.regent.coordinator.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.regent.coordinator.daemon.Doom.Whose;
import io.regent.coordinator.daemon.Load.Write;
import io.regent.failover.action.Action;
import io.regent.failover.action.MysqlAction;
import io.regent.failover.action.ProcessAction;
import io.regent.failover.action.ZookeeperAction;
import io.regent.failover.model.ClusterState;
import io.regent.failover.model.Ended;
import io.regent.failover.model.Plan;
import io.regent.failover.model.Plan.Drain;
import io.regent.failover.timing.Timing;
import io.regent.failover.timing.Timing.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A coordinator's process ends at each step of a move, under load. Each region has two; the other one goes on or back.
 *
 * <p>The move goes to the next region each time.
 */
class MoveCrashIT {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final Duration STUCK = Duration.ofSeconds(7);
    private static final Duration PAUSE = Duration.ofMillis(10);

    /** Two sessions that end, one after the other, and a machine that may be busy. */
    private static final Duration BOUND = Duration.ofSeconds(15);

    /** What a move does not consist of: what is done all the time, by a return, or by an order that is called off. */
    private static final Set<Class<? extends Action>> NO_STEPS = Set.of(
            MysqlAction.Probe.class,
            MysqlAction.Settle.class,
            MysqlAction.Spool.class,
            MysqlAction.StoreVerdict.class,
            ProcessAction.Halt.class,
            ProcessAction.RunLinks.class,
            ZookeeperAction.Judge.class,
            ZookeeperAction.Publish.class,
            ZookeeperAction.PublishReach.class,
            ZookeeperAction.ReadBack.class,
            ZookeeperAction.Withdraw.class,
            ZookeeperAction.WritePlan.class);

    @TempDir
    static Path directory;

    private static ThreeRegions regions;
    private static final Map<String, Daemon> daemons = new HashMap<>();
    private static int number;

    /** At which step of the master or of the target the controller is killed. */
    private static volatile Doom.@Nullable Trap trap;

    private final List<CoordinatorProcess> doomed = new ArrayList<>();
    private Load load;

    @BeforeAll
    static void start() throws Exception {
        regions = new ThreeRegions(directory, timing());
        for (String region : ThreeRegions.NAMES) {
            startAnew(region);
        }
        regions.awaitOpen("phx1", SOON);
        regions.write("phx1", "CREATE DATABASE app", Load.TABLE);
    }

    /** A target that cannot open hands back sooner, though not while the other one takes its region over. */
    private static Timing timing() {
        Timing usual = Timing.standard();
        Patience patience = new Patience(
                usual.patience().union(),
                usual.patience().death(),
                STUCK,
                usual.patience().lag());
        return new Timing(
                usual.ttl(),
                usual.period(),
                usual.margin(),
                usual.session(),
                usual.tick(),
                usual.drift(),
                usual.deadMan(),
                patience);
    }

    @BeforeEach
    void someRegionWrites() throws Exception {
        String master = regions.master();
        regions.awaitOpen(master, SOON);
        regions.awaitEqual(SOON);
        load = Load.start(regions, PAUSE);
        awaitWrites(master);
    }

    @AfterEach
    void stopLoad() {
        doomed.forEach(CoordinatorProcess::close); // one that missed its step would keep the office
        load.close();
    }

    @AfterAll
    static void close() throws Exception {
        regions.close();
    }

    private void awaitWrites(String region) {
        int before = load.writes(region).size();
        await().atMost(SOON).until(() -> load.writes(region).size() > before + 10);
    }

    /** Every step once, two and more in a move where that can be: the processes die in it one after the other. */
    private static List<Arguments> steps() {
        return List.of(
                arguments(List.of(Doom.BEFORE_ANNOUNCING, Doom.NAMED)),
                arguments(List.of(Doom.ANNOUNCED, Doom.LINKS_STOPPED)),
                arguments(List.of(Doom.IN_THE_MIDDLE_OF_SEALING, Doom.EPOCH_RECORDED)),
                arguments(List.of(Doom.SEALED, Doom.LEASE_ASKED)),
                arguments(List.of(Doom.HANDED_OVER, Doom.LEASE_WRITTEN)),
                arguments(List.of(Doom.CONTROLLER_SEES_CLOSING, Doom.LEASE_GRANTED)),
                arguments(List.of(Doom.CONTROLLER_SEES_EPOCH, Doom.OPENING)),
                arguments(List.of(Doom.STOOD_BY, Doom.LINKS_TOLD, Doom.OPENED)));
    }

    /** At which steps of others the controller is lost; further ones in a longer test, and what it sees itself among the others. */
    private static final List<Doom> CONTROLLER_LOST = Integer.getInteger("regent.crash.rounds", 0) > 0
            ? List.of(
                    Doom.BEFORE_ANNOUNCING,
                    Doom.ANNOUNCED,
                    Doom.SEALED,
                    Doom.HANDED_OVER,
                    Doom.EPOCH_RECORDED,
                    Doom.OPENED,
                    Doom.HANDED_BACK)
            : List.of(Doom.BEFORE_ANNOUNCING, Doom.SEALED, Doom.EPOCH_RECORDED, Doom.OPENED);

    private static final List<Doom> HANDING_BACK =
            List.of(Doom.BLOCKERS_ENDED, Doom.SEALED_TO_HAND_BACK, Doom.HANDED_BACK);

    /** A new kind of action is a step of a move, or is said here not to be one. */
    @Test
    void noStepIsLeftOut() {
        List<Doom> all = new ArrayList<>(HANDING_BACK);
        steps().forEach(step -> ((List<?>) step.get()[0]).forEach(doom -> all.add((Doom) doom)));
        assertThat(all).containsExactlyInAnyOrder(Doom.values());

        Set<Class<?>> kinds = new HashSet<>();
        for (Class<?> place : List.of(MysqlAction.class, ProcessAction.class, ZookeeperAction.class)) {
            Stream.of(place.getPermittedSubclasses())
                    .filter(Action.class::isAssignableFrom)
                    .forEach(kinds::add);
        }
        Set<Class<?>> known = new HashSet<>(NO_STEPS);
        for (Doom doom : all) {
            if (doom.action != null) {
                known.add(doom.action);
            }
        }
        assertThat(known).isEqualTo(kinds);
    }

    @ParameterizedTest
    @MethodSource("steps")
    void aMoveWhoseCoordinatorsAreKilledAtAnyStepIsFinishedOrHandedBackAndNothingIsLost(List<Doom> dooms)
            throws Exception {
        String master = regions.master();
        String target = after(master);
        long epoch = regions.cluster().epoch();
        inOffice(dooms, master, target, epoch);
        try (Connection root = regions.mysql(master).sessions().open();
                Statement lock = root.createStatement()) {
            if (dooms.contains(Doom.IN_THE_MIDDLE_OF_SEALING)) {
                lock.execute("LOCK TABLES app.load_row WRITE"); // before the order: it may be closed soon after
            }
            String plan = regions.promote(target);
            awaitEnds();
            long died = System.nanoTime();
            awaitSettled(plan);
            String now = regions.master();
            awaitWrites(now);
            assertThat(Duration.ofNanos(System.nanoTime() - died))
                    .as("until " + now + " writes")
                    .isLessThan(BOUND);
        }
        everythingIsInOrder(epoch);
    }

    /** A transaction that a move regards: it has changed a row, and has taken a while. */
    private static void awaitLong(Statement statement) throws SQLException {
        statement.execute("BEGIN");
        statement.execute("INSERT INTO app.load_row VALUES (-1, 'killed', 0)");
        await().pollDelay(Duration.ofMillis(1_100)).until(() -> true);
    }

    private void awaitEnds() throws InterruptedException {
        for (CoordinatorProcess process : doomed) {
            assertThat(process.awaitExit()).as("ended at its step").isEqualTo(Doom.EXIT);
        }
    }

    @Test
    void aTargetWhoseCoordinatorsAreKilledWhileItHandsBackHandsBackAndNothingIsLost() throws Exception {
        String master = regions.master();
        String target = after(master);
        long epoch = regions.cluster().epoch();
        inOffice(HANDING_BACK, master, target, epoch);
        try (Connection root = regions.mysql(target).sessions().open();
                Statement lock = root.createStatement();
                Connection client = regions.app(master);
                Statement blocker = client.createStatement()) {
            lock.execute("SELECT GET_LOCK('regent.state', 0)"); // without it nobody opens
            awaitLong(blocker);
            regions.promote(target, new Drain(Duration.ZERO, true));
            awaitEnds();
        }
        awaitWrites(master);
        ClusterState now = regions.cluster();
        assertThat(now.epoch()).isEqualTo(epoch + 2);
        assertThat(now.master().value().region()).isEqualTo(master);
        Ended ofTarget = Objects.requireNonNull(now.history().get(epoch + 1));
        assertThat(ofTarget.region()).isEqualTo(target);
        assertThat(ofTarget.opened()).isFalse();
        everythingIsInOrder(epoch);
    }

    /** {@code kill -9} between two actions of others; the next controller is the next process of the same region. */
    @Test
    void aMoveWhoseControllerIsKilledAtAnyStepIsFinishedAndNothingIsLost() throws Exception {
        String one = regions.master();
        String other = after(one);
        long before = regions.cluster().epoch();
        Map<Path, CoordinatorProcess> standing = controllersIn(after(other), CONTROLLER_LOST.size());
        for (Doom step : CONTROLLER_LOST) {
            CoordinatorProcess controller = controller(standing, List.of(one, other));
            long epoch = regions.cluster().epoch();
            String master = regions.master();
            String target = master.equals(one) ? other : one;
            boolean back = step == Doom.HANDED_BACK;
            trap = new Doom.Trap(step, epoch, () -> kill(controller));
            try (Connection root = regions.mysql(target).sessions().open();
                    Statement lock = root.createStatement()) {
                if (back) {
                    lock.execute("SELECT GET_LOCK('regent.state', 0)"); // without it nobody opens
                }
                awaitSettled(regions.promote(target));
            }
            assertThat(controller.isAlive()).as("at " + step).isFalse();
            ClusterState now = regions.cluster();
            assertThat(now.epoch()).isEqualTo(epoch + (back ? 2 : 1));
            assertThat(now.master().value().region()).isEqualTo(back ? master : target);
            awaitWrites(regions.master());
        }
        everythingIsInOrder(before);
    }

    private static void kill(CoordinatorProcess controller) {
        trap = null;
        try {
            controller.kill();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Takes the one that is active out of those that stand, and has it be controller before these regions' coordinators. */
    private static CoordinatorProcess controller(Map<Path, CoordinatorProcess> standing, List<String> others)
            throws Exception {
        Path log = await().atMost(SOON)
                .until(
                        () -> standing.keySet().stream()
                                .filter(MoveCrashIT::isActive)
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
        for (String region : others) {
            startAnew(region);
        }
        awaitLine(log, DoomedCoordinator.CONTROLLER);
        return Objects.requireNonNull(standing.remove(log));
    }

    private static boolean isActive(Path log) {
        try {
            return Files.readString(log).contains(DoomedCoordinator.ACTIVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** So many processes of this region, of which one is active, and another once that is gone. */
    private Map<Path, CoordinatorProcess> controllersIn(String region, int count) throws Exception {
        Map<Path, CoordinatorProcess> standing = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            String name = "controller-" + ++number;
            Path log = directory.resolve(name + ".log");
            String never = Long.toString(Long.MAX_VALUE);
            List<String> words = List.of(region, name, Doom.CONTROLLER_SEES_EPOCH.name(), never);
            CoordinatorProcess process = regions.spawnDoomed(log, words);
            doomed.add(process);
            standing.put(log, process);
        }
        standing.keySet().forEach(log -> awaitLine(log, DoomedCoordinator.STANDS));
        startAnew(region);
        return standing;
    }

    private static String after(String region) {
        List<String> names = ThreeRegions.NAMES;
        return names.get((names.indexOf(region) + 1) % names.size());
    }

    /** A process has each office, and whoever had it before stands by, started anew. The controller's is named first. */
    private void inOffice(List<Doom> dooms, String master, String target, long epoch) throws Exception {
        Map<Path, String> places = new LinkedHashMap<>();
        for (Doom doom : dooms) {
            String region = doom.whose == Whose.MASTER ? master : doom.whose == Whose.TARGET ? target : after(target);
            String name = "doomed-" + ++number;
            Path log = directory.resolve(name + ".log");
            if (places.containsValue(region)) {
                places.keySet().forEach(before -> awaitLine(before, DoomedCoordinator.STANDS)); // it is to stand by
            }
            doomed.add(regions.spawnDoomed(log, List.of(region, name, doom.name(), Long.toString(epoch))));
            places.put(log, region);
        }
        for (Path log : places.keySet()) {
            awaitLine(log, DoomedCoordinator.STANDS);
        }
        Set<String> renewed = new HashSet<>();
        for (Map.Entry<Path, String> place : places.entrySet()) {
            if (renewed.add(place.getValue())) { // the second of a region stands by for the first
                startAnew(place.getValue());
                awaitLine(place.getKey(), DoomedCoordinator.ACTIVE); // only then for the controller's office
            }
        }
        if (dooms.get(0).whose == Whose.CONTROLLER) {
            for (String region : ThreeRegions.NAMES) {
                if (!places.containsValue(region)) {
                    startAnew(region);
                }
            }
            awaitLine(places.keySet().iterator().next(), DoomedCoordinator.CONTROLLER);
        }
    }

    private static void startAnew(String region) throws Exception {
        Daemon before = daemons.get(region);
        if (before != null) {
            before.close();
        }
        daemons.put(region, regions.start(region, region + "-" + ++number, Doom.hands(() -> trap)));
    }

    private static void awaitLine(Path log, String line) {
        await().atMost(SOON)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> Files.readString(log).contains(line));
    }

    /** The move is over, one way or the other, and who is named is open. */
    private static void awaitSettled(String plan) {
        await().atMost(SOON).pollInterval(Duration.ofMillis(20)).until(() -> {
            ClusterState now = regions.cluster();
            boolean under = now.epoch()
                    == Objects.requireNonNull(now.plans().get(plan)).value().epoch();
            return !under
                    && now.ordered(Plan.Kind.MOVE).isEmpty()
                    && now.master().value().closing() == null
                    && now.region(regions.master()).lease().value().openedIn(now.epoch());
        });
    }

    private void everythingIsInOrder(long before) throws Exception {
        String master = regions.master();
        for (String region : ThreeRegions.NAMES) {
            assertThat(regions.query(region, "SELECT @@global.read_only"))
                    .as(region + " while " + master + " is master")
                    .isEqualTo(region.equals(master) ? "0" : "1");
        }
        List<Write> acknowledged = load.stop();
        regions.awaitEqual(SOON);
        Books books = new Books(regions, acknowledged);
        books.nothingIsLost();
        books.oneMasterAtATime();
        // By hand-over throughout: a failover would have left the plan to be finished by nobody.
        ClusterState now = regions.cluster();
        for (long epoch = before; epoch < now.epoch(); epoch++) {
            assertThat(Objects.requireNonNull(now.history().get(epoch)).released())
                    .as("epoch " + epoch + " was given up")
                    .isTrue();
        }
    }
}
