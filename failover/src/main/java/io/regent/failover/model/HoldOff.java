package io.regent.failover.model;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How long a region that opened and fell silent is waited for beyond the time after which it is closed: if it comes back,
 * nothing is stranded and nobody has to follow. Never one that gave up, as it does when its mysqld is proven dead.
 *
 * @param confirmed when a majority of all the cluster's regions do not reach its MySQL, and none does; or when a majority of
 *     the others do and have all that it wrote: then nothing would be stranded
 * @param unconfirmed otherwise: it may be that they are cut off, and not it
 * @param named those that operators set for one failure; what they say counts more than {@code confirmed}, and than {@link
 *     #BACKUP}
 */
public record HoldOff(Duration confirmed, Duration unconfirmed, Map<Failure, Duration> named) {
    /** The failures that a silent master may be taken for. */
    public static final List<Failure> FAILURES = List.of(
            Failure.MASTER_MYSQL_DOWN,
            Failure.MASTER_REGION_GONE,
            Failure.MASTER_ISOLATED,
            Failure.COORDINATOR_GONE_MYSQL_FINE,
            Failure.MASTER_STALLED,
            Failure.MASTER_UNCONFIRMED);

    /**
     * How long a master is waited for that says that a client has the global read lock: a physical or logical backup of a
     * whole server takes minutes, and nothing is lost by waiting but time. Longer than that a lock was forgotten, mostly.
     */
    public static final Duration BACKUP = Duration.ofMinutes(10);

    /** None where it is confirmed, else half a minute; for backups {@link #BACKUP}. */
    public static final HoldOff STANDARD = new HoldOff(Duration.ZERO, Duration.ofSeconds(30));

    /**
     * Checks what it is made of, and copies the map.
     *
     * @throws IllegalArgumentException if one is negative, or of a failure that no silent master is taken for, or of the
     *     unconfirmed one by name
     */
    public HoldOff {
        if (confirmed.isNegative() || unconfirmed.isNegative()) {
            throw new IllegalArgumentException("a hold-off is not negative: " + confirmed + ", " + unconfirmed);
        }
        named.forEach((failure, length) -> {
            if (!isConfirmed(failure) || length.isNegative()) {
                throw new IllegalArgumentException("no hold-off of " + failure + ": " + length);
            }
        });
        Map<Failure, Duration> sorted = new EnumMap<>(Failure.class);
        sorted.putAll(named);
        named = Collections.unmodifiableMap(sorted);
    }

    /** The same for all that is confirmed. */
    public HoldOff(Duration confirmed, Duration unconfirmed) {
        this(confirmed, unconfirmed, Map.of());
    }

    private static boolean isConfirmed(Failure failure) {
        return FAILURES.contains(failure) && failure != Failure.MASTER_UNCONFIRMED;
    }

    /**
     * How long a silent master is waited for that is taken for this.
     *
     * @throws IllegalArgumentException if none is
     */
    public Duration of(Failure failure) {
        if (!FAILURES.contains(failure)) {
            throw new IllegalArgumentException("no silent master is taken for " + failure);
        }
        if (failure == Failure.MASTER_UNCONFIRMED) {
            return unconfirmed;
        }
        Duration usual = failure == Failure.MASTER_STALLED ? BACKUP : confirmed;
        return Objects.requireNonNull(named.getOrDefault(failure, usual));
    }

    /**
     * The same with another length for this failure; with that of all others again if it is null.
     *
     * @throws IllegalArgumentException if no silent master is taken for it
     */
    public HoldOff with(Failure failure, @Nullable Duration length) {
        if (failure == Failure.MASTER_UNCONFIRMED) {
            return new HoldOff(confirmed, length == null ? STANDARD.unconfirmed : length, named);
        }
        Map<Failure, Duration> next = new EnumMap<>(Failure.class);
        next.putAll(named);
        if (length == null) {
            next.remove(failure);
        } else {
            next.put(failure, length);
        }
        return new HoldOff(confirmed, unconfirmed, next);
    }
}
