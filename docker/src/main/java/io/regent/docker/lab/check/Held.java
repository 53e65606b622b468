package io.regent.docker.lab.check;

import io.regent.sql.gtid.Gtid;

/**
 * A stranded transaction as the cluster keeps account of it.
 *
 * @param gtid its name
 * @param region where it was found
 * @param disposition what became of it: {@code held}, {@code released} or {@code discarded}
 */
public record Held(Gtid gtid, String region, String disposition) {
    /** Spooled, and waiting for somebody to decide. */
    public static final String HELD = "held";

    /** Written anew on the master. */
    public static final String RELEASED = "released";

    /** Given up by somebody's choice. */
    public static final String DISCARDED = "discarded";
}
