package io.regent.docker.lab.check.rule;

import io.regent.docker.lab.check.Checker;
import io.regent.docker.lab.check.Evidence;
import io.regent.docker.lab.check.Invariant;
import io.regent.docker.lab.check.Judgement;
import io.regent.docker.lab.history.Write;
import io.regent.sql.gtid.GtidSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.TreeMap;

/**
 * Whether one master at a time can explain what was acknowledged.
 *
 * <p>A write was committed somewhere between its start and its end. So if one ended before another started, the epoch of
 * the other cannot be older. Every write gets the lowest epoch of its region that is at least the one its client knew of
 * and at least that of every write that ended before it began; if there is none, two regions took writes at once. What
 * it calls a violation is one for certain; a fault so short that no write proves it, it cannot see.
 *
 * <p>The exceptions that are promised: a server that stood still and woke, or that somebody opened by hand, acknowledges
 * for at most a bound, and each of these writes is stranded.
 */
public final class OneMaster implements Checker {
    private final Excuses excuses;
    private final Map<Long, String> epochs;

    /**
     * For runs in which no server stood still, and none was opened by hand.
     *
     * @param epochs number to region, as {@code dbctl history} tells; those that clients were told are known anyway
     */
    public OneMaster(Map<Long, String> epochs) {
        this(epochs, Excuses.NONE);
    }

    /**
     * For runs in which servers stood still, or were opened by hand.
     *
     * @param excuses when they may acknowledge what is stranded then
     */
    public OneMaster(Map<Long, String> epochs, Excuses excuses) {
        this.epochs = Map.copyOf(epochs);
        this.excuses = excuses;
    }

    @Override
    public void check(Evidence evidence, Judgement judgement) {
        List<Write> acknowledged = new ArrayList<>();
        evidence.history().forEach(write -> {
            if (write.isAcknowledged() && write.gtid().isPresent()) {
                acknowledged.add(write);
            }
        });
        judge(acknowledged, evidence.fates().stranded(), judgement);
    }

    /**
     * Judges.
     *
     * @param acknowledged the writes that were acknowledged with a GTID, in any order
     * @param stranded what is stranded, whatever became of it then
     */
    void judge(List<Write> acknowledged, GtidSet stranded, Judgement judgement) {
        NavigableMap<Long, String> known = new TreeMap<>(epochs);
        List<Write> late = new ArrayList<>();
        List<Write> rest = new ArrayList<>();
        for (Write write : acknowledged) {
            boolean excused = excuses.isLate(write)
                    && write.gtid().filter(stranded::contains).isPresent();
            (excused ? late : rest).add(write);
            claim(known, write, judgement);
        }
        judgement.examined(
                Invariant.AT_MOST_ONE_MASTER, rest.size(), "acknowledged transactions in " + known.size() + " epochs");
        examined(late, judgement);
        rest.sort(Comparator.comparingLong(Write::startNanos));
        new Assignment(known).of(rest, judgement);
    }

    private void examined(List<Write> late, Judgement judgement) {
        long byHand = late.stream().filter(excuses::isByHand).count();
        judgement.examined(
                Invariant.OVERLAP_BOUNDED,
                excuses.suspensions().size(),
                "suspensions; " + (late.size() - byHand) + " writes acknowledged during one or at most "
                        + excuses.bound().toMillis() + " ms after it are stranded");
        judgement.examined(
                Invariant.OVERLAP_BOUNDED,
                excuses.openings().size(),
                "openings by hand; " + byHand + " writes acknowledged before they were closed again are stranded");
    }

    /** A client who asked nobody claims nothing. */
    private static void claim(Map<Long, String> known, Write write, Judgement judgement) {
        if (write.place().knowsEpoch()) {
            String other = known.putIfAbsent(write.place().epoch(), write.region());
            if (other != null && !other.equals(write.region())) {
                judgement.violated(
                        Invariant.AT_MOST_ONE_MASTER,
                        "epoch " + write.place().epoch() + " was claimed by " + other + " and by " + write.region());
            }
        }
    }

    /** Gives each write the lowest epoch that can be its own. */
    private final class Assignment {
        private final NavigableMap<Long, String> known;
        private final PriorityQueue<Assigned> open =
                new PriorityQueue<>(Comparator.comparingLong((Assigned one) -> one.write.endNanos()));
        private Optional<Assigned> floor = Optional.empty();

        Assignment(NavigableMap<Long, String> known) {
            this.known = known;
        }

        private record Assigned(Write write, long epoch) {}

        void of(List<Write> byStart, Judgement judgement) {
            for (Write write : byStart) {
                raiseFloor(write.startNanos());
                long least = Math.max(
                        write.place().epoch(), floor.map(Assigned::epoch).orElse(Long.MIN_VALUE));
                Optional<Long> epoch = known.tailMap(least, true).entrySet().stream()
                        .filter(one -> one.getValue().equals(write.region()))
                        .map(Map.Entry::getKey)
                        .findFirst();
                if (epoch.isPresent()) {
                    open.add(new Assigned(write, epoch.get()));
                } else {
                    judgement.violated(invariant(write), line(write));
                }
            }
        }

        /** Whatever ended before this moment is history for a write that begins now. */
        private void raiseFloor(long nanos) {
            while (!open.isEmpty() && open.peek().write.endNanos() < nanos) {
                Assigned ended = open.remove();
                if (floor.isEmpty() || ended.epoch > floor.get().epoch) {
                    floor = Optional.of(ended);
                }
            }
        }

        /** What a server does that has woken is an overlap that is not as bounded as it should be; later it is a master. */
        private Invariant invariant(Write write) {
            return excuses.isOverlap(write) ? Invariant.OVERLAP_BOUNDED : Invariant.AT_MOST_ONE_MASTER;
        }

        private String line(Write write) {
            String knew = write.place().knowsEpoch()
                    ? ", which knew of epoch " + write.place().epoch()
                    : ", whose client had asked nobody";
            String own = write.region() + knew + ", acknowledged "
                    + write.gtid().map(Object::toString).orElse("-") + " (" + write.shown() + ")";
            return floor.map(first -> own + " that began "
                            + Duration.ofNanos(write.startNanos() - first.write.endNanos())
                                    .toMillis()
                            + " ms after " + first.write.region() + " had acknowledged one in epoch " + first.epoch)
                    .orElse(own);
        }
    }
}
