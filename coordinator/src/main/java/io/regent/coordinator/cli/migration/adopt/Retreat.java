package io.regent.coordinator.cli.migration.adopt;

import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.cli.migration.NativeServers;
import io.regent.coordinator.cli.migration.Opening;
import io.regent.sql.init.ServerInit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What was done so far, and how it is undone if no cluster comes of it: the master takes writes again and starts as it did
 * before, and native replication goes on. Never once a cluster may have been founded: its regions open by leases alone.
 */
final class Retreat {
    private final NativeServers servers;
    private final String master;
    private final Standstill standstill;
    private final Consumer<String> progress;
    private final List<String> madeSealed = new ArrayList<>();
    private boolean closing;

    Retreat(NativeServers servers, String master, Standstill standstill, Consumer<String> progress) {
        this.servers = servers;
        this.master = master;
        this.standstill = standstill;
        this.progress = progress;
    }

    /** What an earlier run left that was killed while the master was to be closed. */
    static Retreat ofEarlierRun(
            NativeServers servers, String master, Standstill standstill, Consumer<String> progress) {
        Retreat retreat = new Retreat(servers, master, standstill, progress);
        retreat.closing = true;
        retreat.madeSealed.add(master);
        return retreat;
    }

    /** From its next start on every server is SEALED, the master last; and then it is closed. */
    void closing() throws CliException {
        List<String> regions = new ArrayList<>(standstill.replicas());
        regions.add(master);
        for (String region : regions) {
            if (!servers.at(region, ServerInit::isStartedSealed)) {
                madeSealed.add(region);
                servers.run(region, ServerInit::startsSealed);
            }
        }
        closing = true;
        progress.accept(master + " is closed for a moment");
    }

    /**
     * Undoes it, the master first.
     *
     * @throws CliException if something could not be undone, with what to do by hand
     */
    void run() throws CliException {
        List<String> errors = new ArrayList<>();
        if (closing) {
            open(errors);
        }
        for (String region : madeSealed) {
            try {
                servers.run(region, ServerInit::startsAsConfigured);
            } catch (CliException e) {
                errors.add(e.getMessage() + ": RESET PERSIST super_read_only");
            }
        }
        errors.addAll(standstill.undo());
        if (!errors.isEmpty()) {
            throw new CliException("and not all could be undone: " + String.join("; ", errors));
        }
    }

    private void open(List<String> errors) {
        try {
            new Opening(servers, master).open();
            progress.accept(master + " is open again, as before");
        } catch (CliException e) {
            errors.add(e.getMessage());
        }
    }
}
