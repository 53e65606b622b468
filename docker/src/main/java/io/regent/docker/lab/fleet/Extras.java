package io.regent.docker.lab.fleet;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What the regions of a fleet have of its extras. */
public final class Extras implements AutoCloseable {
    // Whoever ends the fleet may look while it is made.
    private final Map<String, RegionExtras> all = new ConcurrentHashMap<>();

    /**
     * Makes what the settings ask for.
     *
     * @param suffix what the name of the directory in which a region's disk is mounted has behind the region's
     * @throws FleetException if this machine cannot have it
     */
    public void make(FleetSettings settings, String suffix) throws IOException {
        for (String region : settings.regions()) {
            Path mount = settings.directory().resolve(region + suffix);
            all.put(region, RegionExtras.make(settings, region, mount));
        }
    }

    /** What a region has. */
    public RegionExtras of(String region) {
        RegionExtras own = all.get(region);
        if (own == null) {
            throw new IllegalStateException("nothing was made for " + region);
        }
        return own;
    }

    @Override
    public void close() {
        // Whichever fails, the others do not stay behind for it.
        List<FleetException> failures = new ArrayList<>();
        for (RegionExtras own : all.values()) {
            try {
                own.close();
            } catch (FleetException e) {
                failures.add(e);
            }
        }
        if (!failures.isEmpty()) {
            FleetException first = failures.get(0);
            failures.stream().skip(1).forEach(first::addSuppressed);
            throw first;
        }
    }
}
