package io.regent.failover.view;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The region's own MySQL, seen or not.
 *
 * @param sight what looking came to
 * @param state what was seen; null unless it is {@link Sight#UP}
 */
public record OwnServer(Sight sight, @Nullable LocalState state) {
    /** It did not answer. */
    public static final OwnServer UNREACHABLE = new OwnServer(Sight.UNREACHABLE, null);

    /** It is proven dead. */
    public static final OwnServer DEAD = new OwnServer(Sight.DEAD, null);

    /**
     * Checks what it is made of.
     *
     * @throws IllegalArgumentException unless there is a state exactly if it is up
     */
    public OwnServer {
        if ((sight == Sight.UP) != (state != null)) {
            throw new IllegalArgumentException("sight " + sight + " with state " + state);
        }
    }

    /** It answered. */
    public static OwnServer up(LocalState state) {
        return new OwnServer(Sight.UP, Objects.requireNonNull(state));
    }

    /** Whether it was seen to be open for writes. */
    public boolean isOpen() {
        return state != null && state.isOpen();
    }
}
