package io.regent.coordinator.cli.region;

import io.regent.coordinator.cli.CliException;
import io.regent.sql.rebuild.AutoCnf;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;

/**
 * How a server comes by its new uuid: in its {@code auto.cnf}, which mysqld reads at its next start.
 *
 * @param target the server
 * @param uuid what it is to be
 */
record NewUuidFile(Work work, RegionServer target, UUID uuid) {
    /** False if the file is on another host, or not for us to write. */
    boolean write() throws CliException {
        if (target.uuid().equals(uuid)) {
            return true;
        }
        NewUuid.requireClaimed(work.look(), work.region(), uuid);
        Optional<AutoCnf> file = work.servers()
                .with(work.order().region(), session -> AutoCnf.of(session, target.place(), uuid))
                .filter(AutoCnf::isWritable);
        try {
            if (file.isPresent()) {
                file.get().write(uuid);
            }
            return file.isPresent();
        } catch (IOException e) {
            throw new CliException(
                    "cannot write " + file.orElseThrow() + " (" + e
                            + "); run this as the owner of the data directory, or elsewhere to be told what to do by hand",
                    e);
        }
    }

    void tellByHand() {
        work.tell()
                .accept("on the host of " + work.region() + ": stop mysqld, write these two lines to "
                        + target.place().dataDirectory().resolve("auto.cnf") + " and start it; waiting up to "
                        + work.order().timeout().toSeconds() + " s");
        AutoCnf.text(uuid).lines().forEach(work.tell());
    }
}
