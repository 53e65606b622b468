package io.regent.docker.lab.process;

import io.regent.docker.lab.fleet.FleetSettings;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A JVM that starts a cluster of one region, and waits to be killed. */
final class FleetProcess {
    private FleetProcess() {}

    public static void main(String[] args) throws InterruptedException {
        FleetSettings three = FleetSettings.identity(Path.of(args[0]));
        ProcessFleet.start(three.ofRegions(1));
        System.out.println("ready");
        System.out.flush();
        new CountDownLatch(1).await();
    }
}
