package io.regent.coordinator.zookeeper;

import io.regent.coordinator.zookeeper.Seen.Absent;
import io.regent.coordinator.zookeeper.Seen.Found;
import io.regent.coordinator.zookeeper.Seen.Unknown;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.OpResult.CreateResult;
import org.apache.zookeeper.OpResult.ErrorResult;
import org.apache.zookeeper.OpResult.SetDataResult;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/**
 * One ZooKeeper session. Requests are sent once, in the order of the calls, and answered in that order; nothing is sent
 * while there is no connection, so that no request waits in a queue for the next one.
 */
final class Session {
    /** How long to wait for an answer. */
    record Deadline(Duration within) {}

    /**
     * A znode as it was read.
     *
     * @param created its creation id, unique for ever
     * @param createdAt when it was created, by its server's clock, in milliseconds since 1970
     * @param changedAt when it was last written, alike
     */
    record Raw(String text, int version, long created, long createdAt, long changedAt) {}

    private final @Nullable ZooKeeper handle;
    private final Deadline deadline;
    private final Watcher watcher;

    Session(@Nullable ZooKeeper handle, Deadline deadline, Watcher watcher) {
        this.handle = handle;
        this.deadline = deadline;
        this.watcher = watcher;
    }

    /** Asks for a znode; {@link #await} gives the answer. */
    CompletableFuture<Seen<Raw>> get(String path) {
        return get(path, null);
    }

    /** The same, and the ensemble's listener is told of the next change. */
    CompletableFuture<Seen<Raw>> getWatched(String path) {
        return get(path, watcher);
    }

    /** Tells the ensemble's listener that something changed. */
    void wake() {
        watcher.process(new WatchedEvent(EventType.NodeDataChanged, KeeperState.SyncConnected, ""));
    }

    /** The same, and this watcher is told of the next change; not if the znode is absent. */
    CompletableFuture<Seen<Raw>> get(String path, @Nullable Watcher onChange) {
        CompletableFuture<Seen<Raw>> answer = new CompletableFuture<>();
        ZooKeeper connected = connected();
        if (connected == null) {
            return CompletableFuture.completedFuture(new Unknown<>("not connected to ZooKeeper"));
        }
        connected.getData(
                path,
                onChange,
                (int rc, String asked, Object context, byte @Nullable [] bytes, @Nullable Stat stat) ->
                        answer.complete(rawOf(rc, asked, bytes, stat)),
                null);
        return answer;
    }

    /** Asks for the names of a znode's children; {@link #await} gives the answer. */
    CompletableFuture<Seen<List<String>>> children(String path) {
        return children(path, null);
    }

    /** The same, and this watcher is told of the next child that comes or goes; not if the znode is absent. */
    CompletableFuture<Seen<List<String>>> children(String path, @Nullable Watcher onChange) {
        CompletableFuture<Seen<List<String>>> answer = new CompletableFuture<>();
        ZooKeeper connected = connected();
        if (connected == null) {
            return CompletableFuture.completedFuture(new Unknown<>("not connected to ZooKeeper"));
        }
        connected.getChildren(
                path,
                onChange,
                (int rc, String asked, Object context, @Nullable List<String> names) ->
                        answer.complete(names == null ? failed(rc, asked) : new Found<>(List.copyOf(names))),
                null);
        return answer;
    }

    /** Waits for what was asked. */
    <T> Seen<T> await(CompletableFuture<Seen<T>> asked) {
        return answerOf(asked, new Unknown<>("no answer within " + deadline.within()), new Unknown<>("interrupted"));
    }

    /** Sends all of it or nothing and waits for the answer. */
    Written multi(List<Op> ops) {
        ZooKeeper connected = connected();
        if (connected == null) {
            return new Written.Unknown("not connected to ZooKeeper");
        }
        CompletableFuture<Written> answer = new CompletableFuture<>();
        connected.multi(
                ops,
                (int rc, String path, Object context, @Nullable List<OpResult> results) ->
                        answer.complete(writtenOf(ops, Code.get(rc), results == null ? List.of() : results)),
                null);
        return answerOf(
                answer,
                new Written.Unknown("no answer within " + deadline.within()),
                new Written.Unknown("interrupted"));
    }

    /** Whether both speak on the same session. */
    boolean isSameAs(@Nullable Session other) {
        return other != null && handle != null && handle == other.handle;
    }

    private @Nullable ZooKeeper connected() {
        return handle != null && handle.getState().isConnected() ? handle : null;
    }

    private <T> T answerOf(CompletableFuture<T> asked, T late, T interrupted) {
        try {
            return asked.get(deadline.within().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return late;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return interrupted;
        } catch (ExecutionException e) {
            throw new IllegalStateException("only values complete it", e);
        }
    }

    private static Seen<Raw> rawOf(int rc, String path, byte @Nullable [] bytes, @Nullable Stat stat) {
        if (rc == Code.OK.intValue() && stat != null) {
            String text = bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
            return new Found<>(new Raw(text, stat.getVersion(), stat.getCzxid(), stat.getCtime(), stat.getMtime()));
        }
        return failed(rc, path);
    }

    private static <T> Seen<T> failed(int rc, String path) {
        return rc == Code.NONODE.intValue() ? new Absent<>(path) : new Unknown<>(Code.get(rc) + " of " + path);
    }

    private static Written writtenOf(List<Op> ops, Code code, List<OpResult> results) {
        if (code == Code.OK) {
            return new Written.Ok(firstVersion(results));
        }
        if (isUnanswered(code)) {
            return new Written.Unknown(code.toString());
        }
        for (int i = 0; i < results.size(); i++) {
            if (results.get(i) instanceof ErrorResult error && error.getErr() == code.intValue()) {
                return new Written.Refused(code + " of " + ops.get(i).getPath());
            }
        }
        return new Written.Refused(
                code + " of one of " + ops.stream().map(Op::getPath).toList());
    }

    /** What says nothing about the request's fate: everything that did not come from its own processing. */
    private static boolean isUnanswered(Code code) {
        boolean systemError = code.intValue() > KeeperException.Code.APIERROR.intValue();
        return systemError || code == Code.SESSIONEXPIRED || code == Code.SESSIONMOVED || code == Code.REQUESTTIMEOUT;
    }

    private static int firstVersion(List<OpResult> results) {
        for (OpResult result : results) {
            if (result instanceof SetDataResult set) {
                return set.getStat().getVersion();
            }
            if (result instanceof CreateResult) {
                return 0;
            }
        }
        throw new IllegalArgumentException("a multi that writes nothing proves nothing");
    }
}
