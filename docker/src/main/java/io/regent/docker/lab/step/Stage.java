package io.regent.docker.lab.step;

import io.regent.docker.lab.check.Regions;
import io.regent.docker.lab.fleet.Dbctl;
import io.regent.docker.lab.fleet.Fleet;
import io.regent.docker.lab.fleet.FleetException;
import io.regent.docker.lab.fleet.Node;
import io.regent.docker.lab.fleet.Waiting;
import io.regent.docker.lab.history.History;
import io.regent.docker.lab.history.Pause;
import io.regent.docker.lab.load.Load;
import io.regent.docker.lab.load.Master;
import io.regent.docker.lab.load.MasterFinder;
import io.regent.docker.lab.load.Workloads;
import io.regent.docker.lab.play.PlaySettings;
import io.regent.docker.lab.play.Terminal;
import io.regent.docker.lab.sample.Sample;
import io.regent.docker.lab.sample.Sampler;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What all steps share: the cluster, the clients, the history, the user. */
public final class Stage implements AutoCloseable {
    private static final Duration COMMAND = Duration.ofSeconds(90);
    private static final Duration LOOK = Duration.ofMillis(500);

    private final PlaySettings settings;
    private final Terminal terminal;
    private final History history;
    private final Findings findings = new Findings();
    private @Nullable Fleet fleet;
    private @Nullable Regions regions;
    private @Nullable MasterFinder finder;
    private @Nullable Workloads workloads;
    private @Nullable Load load;
    private @Nullable Sampler sampler;
    private long coordinatorsLookedAt = System.nanoTime();

    /** An empty stage. */
    public Stage(PlaySettings settings, Terminal terminal) throws IOException {
        this.settings = settings;
        this.terminal = terminal;
        this.history = History.into(settings.directory().resolve("history.jsonl"));
    }

    /** What the user chose. */
    public PlaySettings settings() {
        return settings;
    }

    /** The user. */
    public Terminal terminal() {
        return terminal;
    }

    /** What the clients were told. */
    public History history() {
        return history;
    }

    /** What was found so far. */
    public Findings findings() {
        return findings;
    }

    void enter(Fleet started) {
        fleet = started;
        regions = new Regions(started.observers());
        finder = new MasterFinder(started.coordinators(), started.servers());
    }

    void enter(Workloads applications, Load started) {
        workloads = applications;
        load = started;
    }

    void enter(Sampler started) {
        sampler = started;
    }

    /** Whether there is a cluster. */
    public boolean hasFleet() {
        return fleet != null;
    }

    /** The cluster. */
    public Fleet fleet() {
        return present(fleet, "cluster");
    }

    /** Whether there are clients. */
    boolean hasLoad() {
        return load != null;
    }

    /** The clients. */
    Load load() {
        return present(load, "load");
    }

    /** The applications whose clients they are. */
    Workloads workloads() {
        return present(workloads, "applications");
    }

    /** Looks at the regions all the time; not there if nothing must be true all the time. */
    Optional<Sampler> sampler() {
        return Optional.ofNullable(sampler);
    }

    /** What was seen of the regions meanwhile; empty if nobody looked. */
    public List<Sample> samples() {
        return sampler().map(Sampler::samples).orElse(List.of());
    }

    /** Asks the coordinators for the master. */
    MasterFinder finder() {
        return present(finder, "finder");
    }

    private static <T> T present(@Nullable T thing, String name) {
        if (thing == null) {
            throw new IllegalStateException("no " + name + " yet");
        }
        return thing;
    }

    /** The regions as the checkers read them. */
    Regions regions() {
        return present(regions, "regions");
    }

    /** Runs a command before the user's eyes, whose answer may be no. */
    void show(String... words) {
        visibly(words).answered();
    }

    /** Runs a command before the user's eyes, which must do what it is told. */
    void order(String... words) {
        visibly(words).orThrow();
    }

    private Dbctl.Result visibly(String... words) {
        terminal.command("dbctl " + String.join(" ", words));
        return fleet().dbctl().run(COMMAND, terminal::output, words);
    }

    /** Runs a command quietly. */
    Dbctl.Result quietly(String... words) {
        return fleet().dbctl().run(COMMAND, line -> {}, words);
    }

    /** Runs a command quietly, as the version has it which the cluster begins with. */
    Dbctl.Result founding(String... words) {
        return fleet().founder().run(COMMAND, line -> {}, words);
    }

    /** Waits until another region than the named one has acknowledged a write. */
    Pause awaitPause(int mark, String oldMaster, Duration limit) {
        Optional<Pause> pause = Optional.empty();
        long deadline = System.nanoTime() + limit.toNanos();
        while (pause.isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw new FleetException(
                        "no other region than " + oldMaster + " takes writes after " + limit.toSeconds() + " s");
            }
            checkCoordinators();
            Waiting.pass(Duration.ofMillis(20));
            pause = Pause.of(history.since(mark), oldMaster);
        }
        return pause.get();
    }

    /** Waits until a coordinator names a master, and answers who. */
    Master awaitMaster(Duration limit) {
        Optional<Master> master = finder().findAnew();
        long deadline = System.nanoTime() + limit.toNanos();
        while (master.isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw new FleetException("no coordinator names a master after " + limit.toSeconds() + " s; their logs: "
                        + fleet().settings().directory());
            }
            checkCoordinators();
            Waiting.pass(Duration.ofMillis(50));
            master = finder().findAnew();
        }
        return master.get();
    }

    /** A coordinator that ended by itself will not bring about what is waited for. */
    private void checkCoordinators() {
        if (System.nanoTime() - coordinatorsLookedAt < LOOK.toNanos()) {
            return;
        }
        for (Node node : fleet().nodes()) {
            if (node.coordinator().hasFailed()) {
                throw node.coordinator().failed("ended");
            }
        }
        coordinatorsLookedAt = System.nanoTime();
    }

    /** Ends the clients, if there are any. */
    public void endLoad() {
        if (load != null) {
            load.close();
        }
    }

    /** Ends clients and cluster, whatever state they are in; the history is written out. */
    @Override
    public void close() throws IOException {
        try {
            endLoad();
            if (regions != null) {
                regions.close();
            }
        } finally {
            endFleet();
        }
    }

    private void endFleet() throws IOException {
        try {
            if (fleet != null) {
                fleet.stop();
            }
        } finally {
            endWriting();
        }
    }

    private void endWriting() throws IOException {
        try {
            if (sampler != null) {
                sampler.close();
            }
        } finally {
            history.close();
        }
    }
}
