package io.regent.coordinator.daemon;

import io.regent.coordinator.http.CoordinatorStatus.Failing;
import io.regent.failover.diagnosis.Finding;
import io.regent.failover.diagnosis.Witness;
import io.regent.failover.model.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The failures that stand: each is told once when it appears, and once when it has ended. One thread tells, any may ask.
 *
 * <p>A link that stumbles and goes on, or a session with ZooKeeper that moves to another server, is no failure yet; nor is
 * what some see a moment before others do. And a link that stopped at a transaction has not gone on because it tries that
 * again.
 */
final class FailureLog {
    /** For so long what may pass is seen before it is told. */
    static final Duration STUMBLE = Duration.ofSeconds(1);
    /** For so long a link's failure has not been seen when it has ended: a new try of one that stopped takes less. */
    static final Duration MENDED = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(FailureLog.class);
    private static final Set<Failure> OF_LINKS =
            EnumSet.of(Failure.LINK_BROKEN, Failure.LINK_BLOCKED, Failure.LINK_LAGGING);

    private static final Set<Failure> MAY_PASS = EnumSet.of(
            Failure.LINK_BROKEN,
            Failure.LINK_BLOCKED,
            Failure.LINK_LAGGING,
            Failure.NO_QUORUM,
            Failure.MASTER_ISOLATED,
            Failure.MASTER_UNREACHABLE_FROM_SOME);

    private volatile Map<Key, Standing> standing = Map.of();

    private record Key(Failure failure, String region) {}

    /**
     * @param finding as it was found last
     * @param since when it was found first, of {@code System.nanoTime}
     * @param last when it was found last
     */
    private record Standing(Finding finding, long since, long last, boolean told) {}

    /** What was found now; it replaces what was found before. */
    void see(List<Finding> findings, long now) {
        Map<Key, Finding> seen = new LinkedHashMap<>();
        findings.forEach(one -> seen.merge(new Key(one.failure(), one.region()), one, FailureLog::both));
        Map<Key, Standing> next = new LinkedHashMap<>();
        seen.forEach((key, finding) -> next.put(key, found(key, finding, now)));
        standing.forEach((key, before) -> {
            if (!seen.containsKey(key) && before.told && !isOver(key, before, now)) {
                next.put(key, before);
            }
        });
        standing = next;
    }

    /** This alone can be said: once it is told, nothing is known of the rest, which has not ended for that. */
    void seeOnly(Finding finding, long now) {
        Key key = new Key(finding.failure(), finding.region());
        Standing found = found(key, finding, now);
        Map<Key, Standing> next = new LinkedHashMap<>(found.told ? Map.of() : standing);
        next.put(key, found);
        standing = next;
    }

    /** Nothing is known any more: another coordinator of the region watches. */
    void forget() {
        standing = Map.of();
    }

    private Standing found(Key key, Finding finding, long now) {
        Standing before = standing.get(key);
        long since = before == null ? now : before.since;
        boolean told = before != null && before.told;
        if (!told && now - since >= delay(key).toNanos()) {
            told = true;
            LOG.warn(
                    "region={} failure={} certain={} seen={}; by {}; failover/runbooks/{}.md",
                    key.region.isEmpty() ? "-" : key.region,
                    key.failure.title(),
                    finding.isCertain(),
                    finding.seen(),
                    finding.witnesses(),
                    key.failure.title());
        }
        return new Standing(finding, since, now, told);
    }

    private static boolean isOver(Key key, Standing before, long now) {
        if (OF_LINKS.contains(key.failure) && now - before.last < MENDED.toNanos()) {
            return false;
        }
        LOG.info(
                "region={} failure={} ended after={} s",
                key.region.isEmpty() ? "-" : key.region,
                key.failure.title(),
                Duration.ofNanos(before.last - before.since).toMillis() / 1000.0);
        return true;
    }

    private static Duration delay(Key key) {
        return MAY_PASS.contains(key.failure) ? STUMBLE : Duration.ZERO;
    }

    /** Several links of one region. */
    private static Finding both(Finding one, Finding other) {
        List<Witness> by = new ArrayList<>(one.by());
        other.by().stream().filter(witness -> !by.contains(witness)).forEach(by::add);
        String doubt = one.doubt().isEmpty() ? other.doubt() : one.doubt();
        return new Finding(one.failure(), one.region(), one.seen() + "; " + other.seen(), by, doubt);
    }

    /** Those that were told and have not ended. */
    List<Failing> standing(long now) {
        return standing.entrySet().stream()
                .filter(entry -> entry.getValue().told)
                .map(entry -> new Failing(
                        entry.getKey().failure.title(),
                        entry.getKey().region,
                        entry.getValue().finding.seen(),
                        entry.getValue().finding.isCertain(),
                        Duration.ofNanos(now - entry.getValue().since).toMillis()))
                .toList();
    }
}
