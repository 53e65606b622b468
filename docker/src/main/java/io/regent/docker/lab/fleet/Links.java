package io.regent.docker.lab.fleet;

/** The way by which the coordinators of other regions reach one region's server. */
public interface Links {
    /** From when this returns until {@link #release}, nothing of the server reaches another region. */
    void hold();

    /** New connections pass again, and nothing of before arrives. */
    void release();
}
