package io.regent.docker.lab.load;

/** A thread's work that goes on until the load ends. */
interface Worker extends Runnable {
    /** Throws what ended it before its time. */
    void rethrow();
}
