package io.regent.docker.lab.step;

import io.regent.docker.lab.fleet.Build;
import java.io.IOException;

/** The coordinator of a region that is not master is stopped, and one of another version started in its place; nobody notices. */
public final class ReplaceCoordinator implements Step {
    private final String region;
    private final boolean back;

    private ReplaceCoordinator(String region, boolean back) {
        this.region = region;
        this.back = back;
    }

    /** By this build's. */
    public static ReplaceCoordinator byThis(String region) {
        return new ReplaceCoordinator(region, false);
    }

    /** By that of the other version, with which the cluster began. */
    public static ReplaceCoordinator byTheOther(String region) {
        return new ReplaceCoordinator(region, true);
    }

    @Override
    public String title() {
        return "Replaces the coordinator of " + region + " by one of " + (back ? "the other version" : "this version");
    }

    @Override
    public void run(Stage stage) throws IOException {
        Build build = back ? stage.fleet().settings().founders() : Build.own();
        stage.fleet().node(region).coordinator().use(build);
        new RestartCoordinator(region).run(stage);
        stage.terminal().good("the coordinator of " + region + " runs " + build.name());
    }
}
