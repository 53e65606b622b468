package io.regent.docker.lab.step;

import io.regent.docker.lab.fleet.Fleet;
import io.regent.docker.lab.fleet.FleetException;
import io.regent.docker.lab.fleet.FleetSettings;
import io.regent.docker.lab.fleet.Node;
import io.regent.docker.lab.load.Master;
import io.regent.docker.lab.play.Terminal;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/** Three servers, one ZooKeeper, three coordinators; the first region becomes master. */
public final class StartCluster implements Step {
    private static final Duration FIRST_MASTER = Duration.ofSeconds(60);

    private final Function<FleetSettings, Fleet> start;
    private final String first;
    private final Optional<String> controller;
    private final Optional<Duration> holdOff;

    /**
     * A cluster whose first master is this region.
     *
     * @param start starts all of it but the coordinators
     * @param first the region
     * @param controller whose coordinator is most likely the controller; anyone's if none is given
     */
    public StartCluster(Function<FleetSettings, Fleet> start, String first, Optional<String> controller) {
        this(start, first, controller, Optional.empty());
    }

    private StartCluster(
            Function<FleetSettings, Fleet> start,
            String first,
            Optional<String> controller,
            Optional<Duration> holdOff) {
        this.start = start;
        this.first = first;
        this.controller = controller;
        this.holdOff = holdOff;
    }

    /** The same, in which a silent master whose loss is not confirmed is waited for so long; in whole seconds. */
    public StartCluster holdingOff(Duration other) {
        return new StartCluster(start, first, controller, Optional.of(other));
    }

    @Override
    public String title() {
        return "Starts three MySQL servers, ZooKeeper and three coordinators";
    }

    @Override
    public void run(Stage stage) throws IOException {
        Terminal terminal = stage.terminal();
        terminal.say("starts the servers and ZooKeeper (a few seconds; the very first time longer) ...");
        Fleet fleet = start.apply(FleetSettings.identity(stage.settings().directory()));
        stage.enter(fleet);
        for (Node node : fleet.nodes()) {
            terminal.say(node.name() + ": " + node.mysql());
        }
        terminal.command("dbctl init --master " + first);
        stage.founding("init", "--master", first, "--no-password").orThrow();
        if (controller.isPresent()) {
            fleet.startCoordinators(controller.get());
        } else {
            fleet.startCoordinators();
        }
        terminal.say("coordinators run; waits for the first master ...");
        Master master = stage.awaitMaster(FIRST_MASTER);
        if (!master.region().equals(first)) {
            master = moved(stage, master);
        }
        holdOff.ifPresent(length -> stage.order("policy", "--hold-off", String.valueOf(length.toSeconds())));
        stage.findings().began(master.epoch());
        terminal.good(first + " is master, epoch " + master.epoch());
    }

    /** On a machine that is busy with something else the first master may be replaced before it opened. */
    private Master moved(Stage stage, Master other) {
        stage.terminal().say(first + " did not open in time, " + other.region() + " did; moves the master to " + first);
        stage.quietly("promote", first).orThrow();
        Master master = stage.awaitMaster(FIRST_MASTER);
        if (!master.region().equals(first)) {
            throw new FleetException("the first master should be " + first + ", and is " + master.region());
        }
        return master;
    }
}
