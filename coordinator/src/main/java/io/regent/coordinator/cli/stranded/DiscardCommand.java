package io.regent.coordinator.cli.stranded;

import io.regent.coordinator.cli.Cli;
import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.config.ConfigException;
import io.regent.replicator.stranded.StrandedEntry;
import io.regent.replicator.stranded.StrandedEntry.Disposition;
import io.regent.replicator.stranded.StrandedTable;
import io.regent.replicator.stranded.release.Decisions;
import io.regent.sql.gtid.Gtid;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "discard",
        description =
                "Gives one stranded transaction up: its changes shall not come back. It stays in the list with the"
                        + " reason. Everything held that shares a key of a row or a parent with it is not released as"
                        + " certified any more, what was written before it too.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:it is discarded; in a dry run: it would be",
            "1:it is not held (any more)",
            "2:wrong use, an error in the file, no such transaction, or the master could not be asked"
        },
        footerHeading = "%nExample:%n",
        footer = "  dbctl stranded discard 2191e384-eb3c-11f1-bf5a-02fc00000001:812 --reason \"entered again by hand\"")
final class DiscardCommand implements Callable<Integer> {
    private final Cli cli;

    @Parameters(index = "0", paramLabel = "GTID", description = "The transaction.")
    private String gtid = "";

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why, for whoever asks later.")
    private String reason = "";

    @Option(names = "--dry-run", description = "Says what would be done, and does nothing.")
    private boolean dryRun;

    DiscardCommand(Cli cli) {
        this.cli = cli;
    }

    @Override
    public Integer call() throws ConfigException, CliException {
        Gtid wanted = StrandedEntries.gtid(gtid);
        if (reason.isBlank()) {
            throw new CliException("--reason: say why, for whoever asks later");
        }
        return MasterReleases.of(cli.config()).writing(master -> {
            Disposition now = disposition(master, wanted);
            boolean done = now == Disposition.HELD
                    && (dryRun || Decisions.discard(master, wanted, reason, MasterReleases.operator()));
            String outcome = done ? (dryRun ? "would be discarded" : "discarded") : "not held: " + word(now);
            if (cli.json()) {
                cli.printJson(Map.of("gtid", wanted.toString(), "outcome", outcome));
            } else {
                cli.out().println(wanted + " " + outcome);
            }
            return done ? 0 : 1;
        });
    }

    private static String word(Disposition disposition) {
        return switch (disposition) {
            case HELD -> "somebody else decided just now";
            case RELEASED -> "released";
            case DISCARDED -> "discarded before";
        };
    }

    private static Disposition disposition(Connection master, Gtid wanted) throws SQLException, CliException {
        return StrandedTable.read(master).stream()
                .filter(entry -> entry.gtid().equals(wanted))
                .map(StrandedEntry::disposition)
                .findFirst()
                .orElseThrow(() ->
                        new CliException("no stranded transaction " + wanted + "; 'dbctl stranded list' has all"));
    }
}
