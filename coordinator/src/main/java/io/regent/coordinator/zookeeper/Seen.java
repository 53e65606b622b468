package io.regent.coordinator.zookeeper;

import java.util.function.Function;

/**
 * What a read came to. A server that is cut off from its leader goes on answering reads, so it may be old.
 *
 * @param <T> what was looked for
 */
public sealed interface Seen<T> {
    /**
     * It is there.
     *
     * @param value what was read
     */
    record Found<T>(T value) implements Seen<T> {}

    /**
     * There is no such znode.
     *
     * @param path the znode
     */
    record Absent<T>(String path) implements Seen<T> {}

    /**
     * No answer, or one that cannot be used.
     *
     * @param why what was seen instead
     */
    record Unknown<T>(String why) implements Seen<T> {}

    /** The same with the value mapped; what else it came to stays. */
    default <R> Seen<R> then(Function<T, Seen<R>> next) {
        if (this instanceof Found<T> found) {
            return next.apply(found.value());
        }
        return this instanceof Absent<T> absent
                ? new Absent<>(absent.path())
                : new Unknown<>(((Unknown<T>) this).why());
    }
}
