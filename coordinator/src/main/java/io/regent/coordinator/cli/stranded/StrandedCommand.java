package io.regent.coordinator.cli.stranded;

import io.regent.coordinator.cli.Cli;
import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.ConfigException;
import io.regent.replicator.stranded.StrandedEntry;
import io.regent.replicator.stranded.StrandedEntry.Disposition;
import io.regent.sql.gtid.Gtid;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "stranded",
        description = {
            "Transactions that a lost master had acknowledged and nobody else had executed. When its region came back"
                    + " they were saved, made void everywhere and undone there.",
            "'list' names them all with what they changed; 'show' gives the rows of one, before and after."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:none is held",
            "1:some are held: nobody has decided what becomes of them",
            "2:wrong use, an error in the file, no such transaction, or no region could be asked"
        },
        footerHeading = "%nExample:%n",
        footer = {"  dbctl stranded list", "  dbctl stranded show 2191e384-eb3c-11f1-bf5a-02fc00000001:812"})
final class StrandedCommand implements Callable<Integer> {
    private final Cli cli;

    @Parameters(index = "0", paramLabel = "list|show", description = "What to do.")
    private String action = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "GTID", description = "With show: the transaction.")
    private @Nullable String gtid;

    private boolean complete;

    StrandedCommand(Cli cli) {
        this.cli = cli;
    }

    @Override
    public Integer call() throws ConfigException, CliException {
        ClusterConfig config = cli.config();
        switch (action) {
            case "list" -> {
                if (gtid != null) {
                    throw new CliException("'list' takes no GTID; 'dbctl stranded show " + gtid + "' shows one");
                }
                return list(entries(config));
            }
            case "show" -> {
                return show(entries(config));
            }
            default -> throw new CliException("'" + action + "' is neither list nor show");
        }
    }

    private List<StrandedEntry> entries(ClusterConfig config) throws CliException {
        StrandedEntries found = StrandedEntries.ask(config);
        found.unanswered().forEach(cli.err()::println);
        complete = found.unanswered().isEmpty();
        return found.entries();
    }

    private int list(List<StrandedEntry> entries) {
        List<StrandedText> texts = entries.stream().map(StrandedText::of).toList();
        if (cli.json()) {
            cli.printJson(texts.stream().map(StrandedText::json).toList());
        } else if (texts.isEmpty()) {
            cli.out()
                    .println(
                            complete
                                    ? "no transaction was ever stranded"
                                    : "the regions that answer know of no stranded transaction");
        } else {
            texts.forEach(text -> cli.out().println(text.line()));
        }
        return code(entries);
    }

    private int show(List<StrandedEntry> entries) throws CliException {
        Gtid wanted = wanted();
        StrandedEntry entry = entries.stream()
                .filter(one -> one.gtid().equals(wanted))
                .findFirst()
                .orElseThrow(() ->
                        new CliException("no stranded transaction " + wanted + "; 'dbctl stranded list' has all"));
        StrandedText text = StrandedText.of(entry);
        if (cli.json()) {
            cli.printJson(text.json());
        } else {
            List<String> lines = new ArrayList<>(List.of(text.line()));
            lines.addAll(text.rows());
            lines.forEach(cli.out()::println);
        }
        return code(List.of(entry));
    }

    private Gtid wanted() throws CliException {
        if (gtid == null) {
            throw new CliException("'show' needs a GTID; 'dbctl stranded list' has all");
        }
        try {
            return Gtid.parse(gtid);
        } catch (IllegalArgumentException e) {
            throw new CliException("not a GTID: '" + gtid + "'", e);
        }
    }

    private static int code(List<StrandedEntry> entries) {
        return entries.stream().anyMatch(entry -> entry.disposition() == Disposition.HELD) ? 1 : 0;
    }
}
