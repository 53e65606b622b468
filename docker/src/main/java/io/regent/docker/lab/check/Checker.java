package io.regent.docker.lab.check;

import java.io.IOException;
import java.sql.SQLException;

/** Holds one or more invariants against what clients were told and what the regions hold at the end. */
@FunctionalInterface
public interface Checker {
    /**
     * Looks; nobody writes any more.
     *
     * @throws SQLException if a region cannot be read; nothing is known then
     * @throws IOException if something else cannot be had
     */
    void check(Evidence evidence, Judgement judgement) throws SQLException, IOException;
}
