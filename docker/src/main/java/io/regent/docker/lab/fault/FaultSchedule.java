package io.regent.docker.lab.fault;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * Faults chosen at random; the same seed chooses the same. No two strike the same target at a time, nor a ZooKeeper server
 * and the whole region that it lives in, and the limits hold.
 */
public final class FaultSchedule {
    private static final int TRIES = 20;
    private static final int SHORTEST_PART = 10;

    private final Estate estate;
    private final FaultLimits limits;
    private final List<Fault> kinds;
    private final Outages outages;
    private final Random random;

    private FaultSchedule(long seed, Estate estate, FaultLimits limits, Set<Fault> kinds) {
        this.estate = estate;
        this.limits = limits;
        this.kinds = kinds.stream().sorted().toList();
        this.outages = new Outages(estate);
        this.random = new Random(seed);
    }

    /**
     * Chooses.
     *
     * @param kinds what the fleet can do, at least one
     * @return in the order in which they begin
     */
    public static List<PlannedFault> of(long seed, Estate estate, FaultLimits limits, Set<Fault> kinds) {
        if (kinds.isEmpty()) {
            throw new IllegalArgumentException("no kind of fault to choose from");
        }
        return new FaultSchedule(seed, estate, limits, kinds).choose();
    }

    private List<PlannedFault> choose() {
        List<PlannedFault> schedule = new ArrayList<>();
        long at = gap();
        while (at < limits.length().toMillis()) {
            next(at, schedule).ifPresent(schedule::add);
            at += gap();
        }
        return List.copyOf(schedule);
    }

    private long gap() {
        return 1 + random.nextLong(limits.between().toMillis());
    }

    /** Empty if chance found none that may come now. */
    private Optional<PlannedFault> next(long at, List<PlannedFault> schedule) {
        for (int i = 0; i < TRIES; i++) {
            PlannedFault fault = any(at);
            if (mayCome(fault, schedule)) {
                return Optional.of(fault);
            }
        }
        return Optional.empty();
    }

    private PlannedFault any(long at) {
        Fault fault = kinds.get(random.nextInt(kinds.size()));
        List<String> targets = estate.targets(fault);
        String target = targets.get(random.nextInt(targets.size()));
        long longest = limits.longest().toMillis();
        long shortest = longest / SHORTEST_PART;
        return new PlannedFault(at, fault, target, shortest + random.nextLong(longest - shortest + 1));
    }

    private boolean mayCome(PlannedFault fault, List<PlannedFault> schedule) {
        long quiet = limits.quiet().toMillis();
        long last = limits.length().toMillis() - quiet;
        PlannedFault withQuiet = new PlannedFault(
                fault.atMillis() - quiet, fault.fault(), fault.target(), fault.durationMillis() + quiet);
        boolean free = schedule.stream().noneMatch(other -> other.overlaps(withQuiet) && isSame(other, fault));
        long atOnce = schedule.stream().filter(fault::overlaps).count();
        long out = limits.withoutMajority().toMillis();
        // What ended longer ago than an outage may last has no part in one that reaches into this fault.
        List<PlannedFault> with = new ArrayList<>(schedule.stream()
                .filter(other -> other.untilMillis() >= fault.atMillis() - out)
                .toList());
        with.add(fault);
        return fault.untilMillis() <= last
                && free
                && atOnce < limits.atOnce()
                && outages.withoutMajority(with) <= out
                && outages.withoutRegion(with) <= out;
    }

    /** Whether one is done to a part of what the other is done to. */
    private boolean isSame(PlannedFault one, PlannedFault other) {
        return one.target().equals(other.target())
                || estate.taken(one).contains(other.target())
                || estate.taken(other).contains(one.target());
    }
}
