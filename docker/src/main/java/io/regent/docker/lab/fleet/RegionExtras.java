package io.regent.docker.lab.fleet;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What a region has of the extras that its fleet is to have.
 *
 * @param clock the wall clock of its server and its coordinator
 * @param disk its server's
 */
public record RegionExtras(Optional<FakeTime> clock, Optional<LoopDisk> disk) implements AutoCloseable {
    /** Room for the data of a fresh server, and some more. */
    private static final int MEGABYTES = 400;

    /**
     * Makes what the settings ask for.
     *
     * @param mount where the region's disk is mounted
     * @throws FleetException if this machine cannot have it
     */
    public static RegionExtras make(FleetSettings settings, String region, Path mount) throws IOException {
        Path folder = settings.directory();
        Optional<FakeTime> clock = settings.has(Extra.CLOCKS)
                ? Optional.of(FakeTime.in(folder.resolve(region + "-clock")))
                : Optional.empty();
        Optional<LoopDisk> disk = settings.has(Extra.DISKS)
                ? Optional.of(LoopDisk.make(folder.resolve(region + ".disk"), mount, MEGABYTES))
                : Optional.empty();
        return new RegionExtras(clock, disk);
    }

    /** What a process of this machine is started with that is to have the region's clock. */
    public Map<String, String> environment() {
        return clock.map(one -> FakeTime.environment(one.folder())).orElse(Map.of());
    }

    @Override
    public void close() {
        disk.ifPresent(LoopDisk::close);
    }
}
