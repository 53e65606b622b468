package io.regent.failover.simulation;

import io.regent.failover.action.Outcome;
import io.regent.failover.action.ZookeeperAction.ChangeMaster;
import io.regent.failover.model.ClusterState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * ZooKeeper as its clients meet it: linear writes, reads that may be old, sessions that expire before their client knows,
 * answers that get lost, requests that arrive late.
 */
final class SimZooKeeper {
    private static final int OLD_STATES = 6;

    /** A write: the next state, or null if a check failed. */
    interface Write extends UnaryOperator<@Nullable Snapshot> {}

    /** One client's session. */
    static final class Session {
        final String client;
        final long latch;
        boolean expired;
        boolean reachable = true;
        long generation;
        /** Writes answered so far: a request that is late behind one of them is dropped, as by ZooKeeper. */
        long answered;

        private long seen;
        private @Nullable Snapshot frozen;
        final SimWatches watches;

        Session(String client, long latch, SimWatches watches) {
            this.client = client;
            this.latch = latch;
            this.watches = watches;
        }

        private boolean hears() {
            return reachable && !expired && frozen == null;
        }
    }

    private final World world;
    private final long sessionMillis;
    private final long tickMillis;
    private final Deque<Snapshot> old = new ArrayDeque<>();
    private final List<Runnable> watchers = new ArrayList<>();
    private BiConsumer<ClusterState, ChangeMaster> attempts = (seen, change) -> {};
    private final List<Session> sessions = new ArrayList<>();
    private boolean wasSetBack;
    private boolean withdrawn;
    private Snapshot current;

    SimZooKeeper(World world, Snapshot first, long sessionMillis, long tickMillis) {
        this.world = world;
        this.current = first;
        this.sessionMillis = sessionMillis;
        this.tickMillis = tickMillis;
    }

    /** What really is. */
    Snapshot current() {
        return current;
    }

    void onChange(Runnable watcher) {
        watchers.add(watcher);
    }

    /** Whom to tell before {@code /master} is written, and what the writer went by. */
    void onAttempt(BiConsumer<ClusterState, ChangeMaster> told) {
        attempts = told;
    }

    void attempts(ClusterState seen, ChangeMaster change) {
        attempts.accept(seen, change);
    }

    /**
     * @param wake called whenever the client's loop is to look out of turn
     * @param trusting whether the client believes that every change of what it read is told
     */
    Session open(String client, Runnable wake, boolean trusting) {
        apply(current.withLatch(client));
        Session session = new Session(client, current.zxid(), new SimWatches(world, wake, trusting));
        sessions.add(session);
        return session;
    }

    /** The client's network or process stops or resumes; the server waits for a session timeout. */
    void reach(Session session, boolean reachable) {
        if (session.reachable == reachable) {
            return;
        }
        session.reachable = reachable;
        session.watches.connectionChanged();
        long generation = ++session.generation;
        if (!reachable) {
            world.after(sessionMillis + world.between(0, tickMillis), () -> {
                if (session.generation == generation && !session.expired) {
                    session.expired = true;
                    world.note(1, () -> "zookeeper expires the session of " + session.client);
                    apply(current.withoutLatch(session.latch));
                }
            });
        }
    }

    /**
     * All servers are stopped and started on a copy of what they held then. No session outlives that. Creation ids go on:
     * they are compared with what is in the MySQLs, and where they were lower no link would ever be let in again.
     */
    void setBack(Snapshot copy) {
        world.note(
                15,
                () -> "ZooKeeper is restored from a copy of epoch "
                        + copy.cluster().epoch());
        Snapshot empty = copy;
        for (long latch : copy.latches().keySet()) {
            empty = empty.withoutLatch(latch);
        }
        sessions.forEach(SimZooKeeper::end);
        sessions.clear();
        old.clear();
        current = new Snapshot(current.zxid() + 1, empty.cluster(), empty.latches());
        wasSetBack = true;
    }

    private static void end(Session session) {
        session.expired = true;
        session.watches.connectionChanged();
        session.frozen = null;
        session.generation++;
    }

    /** Whether it was set back. */
    boolean wasSetBack() {
        return wasSetBack;
    }

    /** From now on nobody can read what {@code /master} says. */
    void withdraw() {
        withdrawn = true;
    }

    boolean isWithdrawn() {
        return withdrawn;
    }

    /** From now on the client talks to a follower that is cut off: it answers reads and nothing else. */
    void freeze(Session session) {
        session.frozen = current;
        session.seen = current.zxid();
        reach(session, false);
    }

    void thaw(Session session) {
        session.frozen = null;
    }

    /** A read, perhaps of an older state, never of one before what the session saw; null if nobody answers. */
    @Nullable Snapshot read(Session session) {
        if (session.frozen != null) {
            return session.frozen;
        }
        if (!session.reachable || session.expired || world.mishap(0.01) || withdrawn) {
            return null;
        }
        Snapshot answer = current;
        if (world.mishap(0.1)) {
            long seen = session.seen;
            List<Snapshot> allowed =
                    old.stream().filter(state -> state.zxid() >= seen).toList();
            answer = allowed.isEmpty() ? current : allowed.get(world.pick(allowed.size()));
        }
        session.seen = answer.zxid();
        return answer;
    }

    /**
     * What a client makes of a look, {@code /master} first: of what it read on its session, and of what it read before.
     * What it did not read it is told of soon, unless its follower is cut off.
     */
    @Nullable ClusterState looked(Session session, Snapshot first, Snapshot middle, Snapshot last) {
        return session.watches.looked(first, middle, last, session.frozen == null ? current : last);
    }

    /** A write. UNKNOWN tells nothing; REFUSED that a check failed, unless this is the answer to a second sending. */
    Outcome write(Session session, Write write) {
        if (!session.reachable || session.expired || session.frozen != null || world.mishap(0.01)) {
            return Outcome.UNKNOWN;
        }
        if (world.mishap(0.01)) {
            late(session, write);
            return Outcome.UNKNOWN;
        }
        Snapshot next = write.apply(current);
        if (next != null) {
            apply(next);
        }
        if (world.mishap(0.01)) {
            return Outcome.UNKNOWN;
        }
        session.answered++;
        session.seen = current.zxid();
        // The library lost the first answer, sent it again and was told BadVersion by its own success.
        return next == null || world.mishap(0.02) ? Outcome.REFUSED : Outcome.DONE;
    }

    /** Sent a second time by a client that believes its first came to nothing. */
    void again(Session session, Write write) {
        world.after(world.upTo(2_500), () -> write(session, write));
    }

    /** A write of somebody whose connection is good: the operator. */
    void force(Write write) {
        Snapshot next = write.apply(current);
        if (next != null) {
            apply(next);
        }
    }

    /** Its latch tells a client that it has an office now, or none any more. */
    private static void elected(Session session, Snapshot before, Snapshot next) {
        if (before.latches() != next.latches()
                && session.hears()
                && !before.duty(session.client, session.latch).equals(next.duty(session.client, session.latch))) {
            session.watches.connectionChanged();
        }
    }

    private void late(Session session, Write write) {
        long answered = session.answered;
        world.after(world.upTo(2_500), () -> {
            Snapshot next = session.expired || session.answered != answered ? null : write.apply(current);
            if (next != null) {
                world.note(2, () -> "a late request of " + session.client + " arrives");
                apply(next);
            }
        });
    }

    private void apply(Snapshot next) {
        old.add(current);
        if (old.size() > OLD_STATES) {
            old.poll();
        }
        Snapshot before = current;
        current = next;
        List<String> changed = Changes.between(before.cluster(), next.cluster());
        sessions.forEach(session -> {
            if (!session.expired) {
                session.watches.changed(changed, before, session.hears());
                elected(session, before, next);
            }
        });
        watchers.forEach(Runnable::run);
    }
}
