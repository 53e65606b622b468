package io.regent.docker.bench;

import java.sql.SQLException;

/** Brings the source's transactions to a target while it runs. */
interface Carrier {
    /** Begins, in a moment at the latest. */
    void start() throws SQLException;

    /** Ends; what it has begun is committed or comes again. */
    void stop() throws SQLException;

    /**
     * Whether it still goes on.
     *
     * @throws SQLException with what it stopped at
     */
    void check() throws SQLException;
}
