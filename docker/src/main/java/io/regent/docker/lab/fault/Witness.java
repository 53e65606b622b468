package io.regent.docker.lab.fault;

/** Writes down what an injector does. */
public interface Witness {
    /** A fault lasts from now on. */
    void began(Fault fault, String target);

    /** It is taken back. */
    void ended(Fault fault, String target);

    /** A region's server stood still between two moments, as {@link System#nanoTime}, and woke. */
    void stoodStill(String region, long fromNanos, long untilNanos);
}
