package io.regent.docker.lab.history;

import io.regent.sql.gtid.Gtid;
import java.util.Optional;

/**
 * What a client was told of a write.
 *
 * @param outcome what it knows
 * @param gtid what the server named the transaction; none if it changed nothing or was not acknowledged
 * @param error the code of MySQL's error, 0 if there was none
 */
public record Reply(Outcome outcome, Optional<Gtid> gtid, int error) {
    /** The server said OK, and named the transaction if there was one. */
    public static Reply acknowledged(Optional<Gtid> gtid) {
        return new Reply(Outcome.ACKNOWLEDGED, gtid, 0);
    }

    /** The server, or the client before it said COMMIT, called it off. */
    public static Reply refused(int error) {
        return new Reply(Outcome.REFUSED, Optional.empty(), error);
    }

    /** The session was lost before an answer. */
    public static Reply unknown(int error) {
        return new Reply(Outcome.UNKNOWN, Optional.empty(), error);
    }
}
