package io.regent.docker.lab.fault;

/** A fault that lasts until it is closed. */
public interface Lasting extends AutoCloseable {
    /** Takes it back; what was killed runs again, and a server among it answers. */
    @Override
    void close();
}
