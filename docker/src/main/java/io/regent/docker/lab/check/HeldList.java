package io.regent.docker.lab.check;

import io.regent.sql.gtid.GtidSet;
import java.io.IOException;
import java.util.List;

/** Where the stranded transactions are listed. */
public interface HeldList {
    /** Nothing was ever stranded. */
    HeldList NOTHING = List::of;

    /**
     * All of them, whatever became of them.
     *
     * @throws IOException if the list cannot be had
     */
    List<Held> all() throws IOException;

    /** The GTIDs of this disposition. */
    static GtidSet of(List<Held> list, String disposition) {
        return list.stream()
                .filter(held -> held.disposition().equals(disposition))
                .map(held -> GtidSet.of(held.gtid()))
                .reduce(GtidSet.EMPTY, GtidSet::union);
    }
}
