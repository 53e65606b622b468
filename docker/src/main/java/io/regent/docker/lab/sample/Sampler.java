package io.regent.docker.lab.sample;

import io.regent.docker.lab.check.Checker;
import io.regent.docker.lab.check.Evidence;
import io.regent.docker.lab.check.Fates.Fate;
import io.regent.docker.lab.check.Judgement;
import io.regent.docker.lab.check.SnapshotRule;
import io.regent.docker.lab.sample.RegionReader.Look;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.session.ServerState;
import io.regent.sql.session.WriteState;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A reader for each region, which takes a consistent snapshot every {@link #EVERY} (where that would take more than a tenth
 * of the time less often, but each second) and holds it against the rules; a region that does not answer has no sample. As a checker it
 * tells what it found, and looks once more at the end.
 */
public final class Sampler implements Checker, AutoCloseable {
    /** How often a region is read. */
    public static final Duration EVERY = Duration.ofMillis(200);

    /** A look that took long, as of a server that was suspended, is no reason to look away for long. */
    private static final Duration RAREST = Duration.ofSeconds(1);

    private static final int SHARE = 9;
    private static final Duration STOP = Duration.ofSeconds(15);

    private final List<SnapshotRule> rules;
    private final SampleLog log;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();
    private final Map<String, Look> latest = new ConcurrentHashMap<>();
    private final Breaches breaches = new Breaches();
    private volatile @Nullable RuntimeException failure;
    /** Why a region was not read when it was tried last. */
    private final Map<String, String> silences = new ConcurrentHashMap<>();

    private Sampler(List<SnapshotRule> rules, SampleLog log) {
        this.rules = List.copyOf(rules);
        this.log = log;
    }

    /**
     * Starts the readers.
     *
     * @param regions name to the way in
     * @param rules what every snapshot must obey
     * @param file every sample goes there, as a line of JSON
     */
    public static Sampler start(Map<String, Entrance> regions, List<SnapshotRule> rules, Path file) throws IOException {
        Sampler sampler = new Sampler(rules, SampleLog.into(file));
        regions.forEach((region, entrance) -> {
            RegionReader reader = new RegionReader(region, entrance, sampler.rules);
            Thread thread = new Thread(() -> sampler.read(reader), "sample-" + region);
            thread.setDaemon(true);
            sampler.threads.add(thread);
        });
        sampler.threads.forEach(Thread::start);
        return sampler;
    }

    private void read(RegionReader reader) {
        try {
            readOn(reader);
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    private void readOn(RegionReader reader) {
        while (stopping.getCount() > 0) {
            try (Connection session = reader.open()) {
                while (stopping.getCount() > 0) {
                    Look look = reader.look(session);
                    take(reader.region(), look);
                    pace(Duration.ofNanos((look.endNanos() - look.startNanos()) * SHARE));
                }
            } catch (SQLException e) {
                // The region is away or throws us out: that there is no sample says so.
                silences.put(reader.region(), String.valueOf(e.getMessage()));
                pace(Duration.ZERO);
            }
        }
    }

    private void take(String region, Look look) {
        latest.put(region, look);
        breaches.add(region, look.applied(), look.breaches());
        WriteState state = look.server().writeState();
        Sample sample = new Sample(
                look.startNanos(),
                look.stateNanos(),
                region,
                state,
                look.epoch().number(),
                look.epoch().holder(),
                state == WriteState.OPEN ? 0 : lacking(look));
        log.add(sample, look.breaches().stream().map(Breach::text).toList());
    }

    private long lacking(Look look) {
        GtidSet master = latest.values().stream()
                .map(Look::server)
                .filter(server -> server.writeState() == WriteState.OPEN)
                .map(ServerState::gtidExecuted)
                .reduce(GtidSet.EMPTY, GtidSet::union);
        return master.subtract(look.server().gtidExecuted()).count();
    }

    private void pace(Duration least) {
        Duration wanted = least.compareTo(EVERY) > 0 ? least : EVERY;
        Duration time = wanted.compareTo(RAREST) < 0 ? wanted : RAREST;
        try {
            if (stopping.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            stopping.countDown();
            Thread.currentThread().interrupt();
        }
    }

    /** What was seen so far, in the order in which it was. */
    public List<Sample> samples() {
        return log.samples();
    }

    /** How many samples each region has that were begun after this moment. */
    public Map<String, Long> samplesSince(long nanos) {
        return log.samples().stream()
                .filter(sample -> sample.startNanos() - nanos >= 0)
                .collect(Collectors.groupingBy(Sample::region, Collectors.counting()));
    }

    /**
     * Tells what was found.
     *
     * @throws IllegalStateException if a reader failed of itself, so that nobody looked from then on
     */
    @Override
    public void check(Evidence evidence, Judgement judgement) throws SQLException {
        if (failure != null) {
            throw new IllegalStateException("a sampler failed: " + failure, failure);
        }
        List<Breach> found = new ArrayList<>(breaches.all());
        for (SnapshotRule rule : rules) {
            long taken = 0;
            for (String region : evidence.regions().names()) {
                long snapshots = breaches.snapshots(region, rule);
                taken += snapshots;
                if (snapshots == 0) {
                    judgement.violated(
                            rule.invariant(),
                            region + ": no snapshot of " + rule.table() + " was taken, so nothing is proved there"
                                    + Optional.ofNullable(silences.get(region))
                                            .map(why -> " (" + why + ")")
                                            .orElse(""));
                }
                found.addAll(atTheEnd(evidence, region, rule));
            }
            judgement.examined(rule.invariant(), taken, "snapshots of " + rule.examined());
        }
        Set<String> released = released(evidence, found);
        found.stream()
                .filter(breach -> !released.contains(breach.token()))
                .forEach(breach -> judgement.violated(breach.rule().invariant(), breach.line()));
    }

    private static List<Breach> atTheEnd(Evidence evidence, String region, SnapshotRule rule) throws SQLException {
        if (!evidence.regions().rows(region, rule.rows()).get(0).get(0).equals("1")) {
            return List.of(
                    new Breach(region, System.nanoTime(), rule, "", false, rule.table() + " is empty at the end"));
        }
        return evidence.regions().rows(region, rule.sql()).stream()
                .map(row -> new Breach(region, System.nanoTime(), rule, row.get(0), false, row.get(2) + " at the end"))
                .toList();
    }

    /** What was written anew by a release came without what its client had seen when it first wrote it. */
    private static Set<String> released(Evidence evidence, List<Breach> found) {
        Set<String> tokens = new HashSet<>();
        found.stream().map(Breach::token).filter(token -> !token.isEmpty()).forEach(tokens::add);
        Set<String> released = new HashSet<>();
        if (!tokens.isEmpty()) {
            evidence.history().forEach(write -> {
                if (tokens.contains(write.intent().value())
                        && write.isAcknowledged()
                        && evidence.fate(write) == Fate.RELEASED) {
                    released.add(write.intent().value());
                }
            });
        }
        return released;
    }

    /**
     * Ends the readers, and waits for that.
     *
     * @throws IllegalStateException if one does not end
     */
    @Override
    public void close() throws IOException {
        stopping.countDown();
        try {
            for (Thread thread : threads) {
                thread.join(STOP.toMillis());
                if (thread.isAlive()) {
                    throw new IllegalStateException(thread.getName() + " does not end");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            log.close();
        }
    }
}
