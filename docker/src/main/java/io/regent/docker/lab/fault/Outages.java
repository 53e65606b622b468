package io.regent.docker.lab.fault;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.LongStream;

/** For how long a schedule leaves a cluster without what it needs. */
public final class Outages {
    private final Estate estate;

    /** Of schedules for this cluster. */
    public Outages(Estate estate) {
        this.estate = estate;
    }

    /** The longest time in milliseconds without a majority of ZooKeeper. */
    public long withoutMajority(List<PlannedFault> schedule) {
        return longest(schedule, active -> {
            Set<String> taken = new HashSet<>();
            active.forEach(fault -> taken.addAll(estate.taken(fault)));
            return !estate.isMajorityWithout(taken.size());
        });
    }

    /** The longest time in milliseconds in which every region is struck by something. */
    public long withoutRegion(List<PlannedFault> schedule) {
        return longest(schedule, active -> {
            Set<String> struck = new HashSet<>();
            active.forEach(fault -> struck.add(estate.struck(fault)));
            return struck.containsAll(estate.regions());
        });
    }

    /** Between two edges of faults nothing changes. */
    private static long longest(List<PlannedFault> schedule, Predicate<List<PlannedFault>> out) {
        long[] edges = schedule.stream()
                .flatMapToLong(fault -> LongStream.of(fault.atMillis(), fault.untilMillis()))
                .sorted()
                .distinct()
                .toArray();
        long longest = 0;
        long lasting = 0;
        for (int i = 0; i + 1 < edges.length; i++) {
            long at = edges[i];
            List<PlannedFault> active = schedule.stream()
                    .filter(fault -> fault.atMillis() <= at && at < fault.untilMillis())
                    .toList();
            lasting = out.test(active) ? lasting + edges[i + 1] - at : 0;
            longest = Math.max(longest, lasting);
        }
        return longest;
    }
}
