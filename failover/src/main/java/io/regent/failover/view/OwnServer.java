package io.regent.failover.view;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The region's own MySQL, seen or not.
 *
 * @param sight what looking came to
 * @param state what was seen; null unless it is {@link Sight#UP}
 * @param remains what it left behind; null unless it is {@link Sight#DEAD} and its files can be read
 */
public record OwnServer(
        Sight sight, @Nullable LocalState state, @Nullable Remains remains) {
    /** It did not answer. */
    public static final OwnServer UNREACHABLE = new OwnServer(Sight.UNREACHABLE, null, null);

    /** It is proven dead, and what it left behind cannot be read. */
    public static final OwnServer DEAD = new OwnServer(Sight.DEAD, null, null);

    /**
     * Checks what it is made of.
     *
     * @throws IllegalArgumentException unless there is a state exactly if it is up, and remains only if it is dead
     */
    public OwnServer {
        if ((sight == Sight.UP) != (state != null) || (remains != null && sight != Sight.DEAD)) {
            throw new IllegalArgumentException("sight " + sight + " with " + state + ", " + remains);
        }
    }

    /** It answered. */
    public static OwnServer up(LocalState state) {
        return new OwnServer(Sight.UP, Objects.requireNonNull(state), null);
    }

    /** It is proven dead and left this behind. */
    public static OwnServer dead(Remains remains) {
        return new OwnServer(Sight.DEAD, null, Objects.requireNonNull(remains));
    }

    /** Whether it was seen to be open for writes. */
    public boolean isOpen() {
        return state != null && state.isOpen();
    }
}
