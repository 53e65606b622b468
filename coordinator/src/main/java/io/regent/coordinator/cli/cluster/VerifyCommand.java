package io.regent.coordinator.cli.cluster;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.regent.coordinator.cli.Cli;
import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.ConfigException;
import io.regent.coordinator.config.RegionConfig;
import io.regent.replicator.verify.Verify;
import io.regent.replicator.verify.VerifyReport;
import io.regent.sql.init.AccountRole;
import io.regent.sql.session.MysqlErrors;
import io.regent.sql.session.Sessions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "verify",
        description = {
            "Compares the regions exactly: definitions, and every row of every table.",
            "It may run while they are written to, and changes nothing in them. Progress goes to standard error.",
            "A table is read in ranges of its primary key, in short snapshots: each server makes a sum of the range, and only"
                    + " where these differ rows are read, again and again until what was under way has arrived.",
            "What differs is written down in ZooKeeper: moves are refused until a comparison finds it equal.",
            "Accounts and grants, which are each region's own, are compared with the master's, or the first region's. They do"
                    + " not count for the exit code."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the regions are equal",
            "1:they differ, or a table could not be compared; what differs is printed",
            "2:wrong use, an error in the file, or a server that could not be asked"
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  dbctl verify",
            "  dbctl verify --region phx1 --region aws1 --patience 60 --json",
            "  dbctl verify --quiet --chunk-rows 2000 --statements"
        })
final class VerifyCommand implements Callable<Integer> {
    private final Cli cli;

    @Mixin
    private RegionNames names = new RegionNames();

    @Option(
            names = "--patience",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "Longest wait for regions to catch up with each other, by default ${DEFAULT-VALUE}.")
    private int patienceSeconds = 30;

    @Option(
            names = "--chunk-rows",
            paramLabel = "ROWS",
            defaultValue = "" + Verify.CHUNK_ROWS,
            description =
                    "Most rows that are read in one snapshot, by default ${DEFAULT-VALUE}; fewer where that takes more"
                            + " than half a second. A small number is gentler to the servers, and slower.")
    private int chunkRows = Verify.CHUNK_ROWS;

    @Option(
            names = "--statements",
            description = "Also prints the SQL that would make accounts equal; hashes of passwords are in it.")
    private boolean statements;

    @Option(
            names = {"-q", "--quiet"},
            description = "Prints no progress.")
    private boolean quiet;

    VerifyCommand(Cli cli) {
        this.cli = cli;
    }

    /** What JSON shows: all of the report, and what was found about accounts. */
    record Outcome(@JsonUnwrapped VerifyReport report, List<AccountFindings.Found> accounts) {}

    @Override
    public Integer call() throws ConfigException, CliException {
        if (patienceSeconds < 1) {
            throw new CliException("--patience: at least 1 second, not " + patienceSeconds);
        }
        if (chunkRows < 1) {
            throw new CliException("--chunk-rows: at least 1 row, not " + chunkRows);
        }
        ClusterConfig config = cli.config();
        Map<String, Sessions> sessions = sessions(config);
        KnownDifferences known = KnownDifferences.before(config, cli.err()::println);
        VerifyReport report = compare(sessions);
        known.learn(report);
        AccountFindings accounts = AccountFindings.of(config, sessions, known.master());
        if (cli.json()) {
            cli.printJson(new Outcome(report, accounts.shown(statements)));
        } else {
            report.details().forEach(cli.out()::println);
            accounts.lines(statements).forEach(cli.out()::println);
        }
        return report.isEqual() ? 0 : 1;
    }

    private VerifyReport compare(Map<String, Sessions> sessions) throws CliException {
        try {
            return new Verify(sessions, Duration.ofSeconds(patienceSeconds), chunkRows).run(this::progress);
        } catch (SQLException e) {
            throw new CliException("the comparison ended with: " + MysqlErrors.line(e) + "; run it again", e);
        }
    }

    private void progress(String line) {
        if (!quiet) {
            cli.err().println(line);
        }
    }

    /** Sessions of all regions asked for; each was opened once, so that a region that cannot be asked has its name. */
    private Map<String, Sessions> sessions(ClusterConfig config) throws CliException {
        List<RegionConfig> regions = names.of(config);
        if (regions.size() < 2) {
            throw new CliException("verify compares at least two regions, and here is one; name more with --region,"
                    + " or add them to the file");
        }
        Map<String, Sessions> all = new LinkedHashMap<>();
        for (RegionConfig region : regions) {
            Sessions sessions = config.sessions(region, AccountRole.OBSERVE).program("regent-verify");
            try (Connection session = sessions.open()) {
                session.isReadOnly();
            } catch (SQLException e) {
                String user = sessions.account().user();
                throw new CliException(ServerErrors.explain(region, user, e) + "; see dbctl init", e);
            }
            all.put(region.name(), sessions);
        }
        return all;
    }
}
