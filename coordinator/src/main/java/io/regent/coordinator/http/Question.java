package io.regent.coordinator.http;

import io.regent.coordinator.http.CoordinatorStatus.LinkState;
import io.regent.failover.model.WriteState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What can be asked with a yes or a no; the names are Patroni's, for load balancers that know them. */
enum Question {
    /** May applications write here, at this very moment? No from the lease's end on, not from the next loop. */
    PRIMARY("/primary", "/master", "/read-write") {
        @Override
        Answer answer(CoordinatorStatus status, @Nullable Duration lag, Duration bound) {
            return status.server().primary()
                    ? Answer.yes(status)
                    : Answer.no(status, "not open for writes: " + status.loop().reason());
        }
    },

    /** May applications read here and see what the master writes, at most so much later? */
    REPLICA("/replica") {
        @Override
        Answer answer(CoordinatorStatus status, @Nullable Duration lag, Duration bound) {
            Optional<String> reason = notReplica(status, lag);
            return reason.isPresent() ? Answer.no(status, reason.get()) : Answer.yes(status);
        }
    },

    /** May applications read here: is it the primary or a replica? */
    READ_ONLY("/read-only") {
        @Override
        Answer answer(CoordinatorStatus status, @Nullable Duration lag, Duration bound) {
            return status.server().primary() ? Answer.yes(status) : REPLICA.answer(status, lag, bound);
        }
    },

    /** Does the MySQL answer? */
    HEALTH("/health") {
        @Override
        Answer answer(CoordinatorStatus status, @Nullable Duration lag, Duration bound) {
            return status.server().writeState().answers()
                    ? Answer.yes(status)
                    : Answer.no(status, status.server().mysql() + " does not answer");
        }
    },

    /** Does the coordinator's loop turn? If not, the process is to be started anew. */
    LIVENESS("/liveness") {
        @Override
        Answer answer(CoordinatorStatus status, @Nullable Duration lag, Duration bound) {
            long age = status.loop().lookAgeMillis();
            return age > bound.toMillis()
                    ? Answer.no(status, "the loop has not turned for " + age + " ms")
                    : Answer.yes(status);
        }
    },

    /** Can the coordinator do its work: does its loop turn, ZooKeeper and MySQL answer, and live in one epoch? */
    READINESS("/readiness") {
        @Override
        Answer answer(CoordinatorStatus status, @Nullable Duration lag, Duration bound) {
            for (Question first : List.of(LIVENESS, HEALTH)) {
                Answer answer = first.answer(status, null, bound);
                if (!answer.isYes()) {
                    return answer;
                }
            }
            String zookeeper = status.mastership().zookeeper();
            if (!zookeeper.equals(CoordinatorStatus.CONNECTED)) {
                return Answer.no(status, "ZooKeeper: " + zookeeper);
            }
            Long epoch = status.mastership().epoch();
            long recorded = status.server().recordedEpoch();
            return epoch == null || epoch != recorded
                    ? Answer.no(status, "its MySQL lives in epoch " + recorded + ", the cluster in " + epoch)
                    : Answer.yes(status);
        }
    };

    @SuppressWarnings("ImmutableEnumChecker") // only ever a List.of(...)
    private final List<String> paths;

    Question(String... paths) {
        this.paths = List.of(paths);
    }

    /** Its path, and others for the same. */
    List<String> paths() {
        return paths;
    }

    /**
     * The answer.
     *
     * @param lag the lag that the caller still takes; null if any
     * @param bound the age from which on the last look says that the loop stands
     */
    abstract Answer answer(CoordinatorStatus status, @Nullable Duration lag, Duration bound);

    /**
     * Only the link from the master counts, or who relays in its place: the loss of a third region is to take no replica away, and what the master
     * wrote after a change of that region waits, visibly, until it is here.
     */
    private static Optional<String> notReplica(CoordinatorStatus status, @Nullable Duration lag) {
        CoordinatorStatus.Server server = status.server();
        if (server.writeState() != WriteState.STANDBY) {
            return Optional.of("its MySQL is " + server.writeState());
        }
        if (!server.diverged().isEmpty()) {
            return Optional.of("diverged: it executed what is not history");
        }
        String master = status.mastership().master();
        Optional<LinkState> link = status.links().stream()
                .filter(one -> one.source().equals(master))
                .findFirst();
        if (link.isEmpty()) {
            return Optional.of(master == null ? "no master is known" : "no link from " + master);
        }
        return link.get().isUp() || link.get().relay() != null
                ? tooLate(link.get(), lag)
                : Optional.of(down(link.get()));
    }

    private static String down(LinkState link) {
        String detail = link.detail().isEmpty() ? "" : ": " + link.detail();
        return "the link from " + link.source() + " is " + link.state() + detail;
    }

    private static Optional<String> tooLate(LinkState link, @Nullable Duration lag) {
        Long behind = link.lagMillis();
        if (lag == null || (behind != null && behind <= lag.toMillis())) {
            return Optional.empty();
        }
        return Optional.of(behind == null ? "its lag is not known" : "it is " + behind + " ms behind " + link.source());
    }
}
