package io.regent.docker.lab.check;

import io.regent.docker.lab.history.History;
import io.regent.docker.lab.history.Write;
import io.regent.sql.gtid.Gtid;
import java.util.Optional;

/**
 * What checkers judge by.
 *
 * @param history what the clients were told
 * @param regions as they are at the end
 * @param fates what became of every transaction
 */
public record Evidence(History history, Regions regions, Fates fates) {
    /** What became of an acknowledged write; one that changed nothing, so that it was not named, is present. */
    public Fates.Fate fate(Write write) {
        Optional<Gtid> gtid = write.gtid();
        return gtid.map(fates::of).orElse(Fates.Fate.PRESENT);
    }
}
