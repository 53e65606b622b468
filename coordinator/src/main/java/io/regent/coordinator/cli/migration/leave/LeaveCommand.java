package io.regent.coordinator.cli.migration.leave;

import io.regent.coordinator.cli.Cli;
import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.cli.cluster.AdminOptions;
import io.regent.coordinator.cli.cluster.RegionNames;
import io.regent.coordinator.cli.migration.Finishing;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.ConfigException;
import io.regent.sql.channel.SourceTls;
import io.regent.sql.init.AccountRole;
import io.regent.sql.session.Account;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "leave",
        description = {
            "Hands a cluster back to MySQL's own replication, while its master is written to. The coordinators may run: mysqld"
                    + " locks them out. Stop them for good afterwards; that of the master ends by itself (exit code 70).",
            "Nobody can be named master any more; the master is let go of, well before its lease is over, so that nothing"
                    + " closes it; then every other region is let go of, replicates from it by GTIDs and catches up. They"
                    + " stay read-only.",
            "Nothing is dropped: what remains, and how to remove it, is printed. Killed anywhere, it goes on when it is run"
                    + " again."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:handed back; in a dry run: it can be",
            "1:refused, each reason with its remedy; or not confirmed with --yes",
            "2:wrong use, an error in the file, or a server or ZooKeeper that could not be asked"
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  dbctl leave --source phx1 --password-env ADMIN_PASSWORD --dry-run",
            "  dbctl leave --source phx1 --password-env ADMIN_PASSWORD --replication-user repl"
                    + " --replication-password-env REPL_PASSWORD --tls --yes",
            "  dbctl leave --source phx1 --password-env ADMIN_PASSWORD --forget --yes"
        })
public final class LeaveCommand implements Callable<Integer> {
    private final Cli cli;

    @Mixin
    private AdminOptions admin = new AdminOptions();

    @Option(
            names = "--source",
            required = true,
            paramLabel = "REGION",
            description = "The master, from which the others are to replicate.")
    private String source = "";

    @Option(
            names = "--replication-user",
            paramLabel = "NAME",
            description = "The account by which they do; by default that of the role 'capture'.")
    private @Nullable String user;

    @Option(
            names = "--replication-password-env",
            paramLabel = "NAME",
            description = "The environment variable that holds its password.")
    private @Nullable String variable;

    @Option(names = "--tls", description = "They insist on TLS.")
    private boolean tls;

    @Option(
            names = "--tls-ca",
            paramLabel = "FILE",
            description = "With --tls: file at each replica with the certificates that the source's must be signed by.")
    private String authorities = "";

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "300",
            description = "How long the others may take to catch up, by default ${DEFAULT-VALUE}.")
    private int timeoutSeconds = 300;

    @Option(
            names = "--forget",
            description = "Afterwards, and alone: removes the cluster from ZooKeeper, once no coordinator runs.")
    private boolean forget;

    @Option(names = "--yes", description = "Does it.")
    private boolean yes;

    @Option(names = "--dry-run", description = "Tells whether it can be done; changes nothing.")
    private boolean dryRun;

    /** @param cli where it is called */
    public LeaveCommand(Cli cli) {
        this.cli = cli;
    }

    @Override
    public Integer call() throws ConfigException, CliException {
        ClusterConfig config = cli.config();
        if (!tls && !authorities.isEmpty()) {
            throw new CliException("--tls-ca belongs to --tls");
        }
        LeaveOrder order = new LeaveOrder(
                config,
                admin.account(cli.environment()),
                RegionNames.named(config, source),
                replication(config),
                tls ? new SourceTls(true, authorities) : SourceTls.OFF,
                Duration.ofSeconds(timeoutSeconds));
        Handback handback = new Handback(order, line -> cli.err().println(line));
        boolean only = dryRun || !yes;
        LeaveReport report = forget ? handback.forget(only) : leave(handback, only);
        if (cli.json()) {
            cli.printJson(report);
        } else {
            report.print(cli.out());
        }
        if (!report.isRefused() && !dryRun && !yes) {
            cli.err().println("nothing was done: --yes does it");
        }
        return report.isRefused() || !(dryRun || yes) ? 1 : 0;
    }

    private LeaveReport leave(Handback handback, boolean only) throws CliException {
        return only ? handback.run(true) : Finishing.of(line -> cli.err().println(line), () -> handback.run(false));
    }

    private Account replication(ClusterConfig config) throws CliException {
        String name = user;
        String from = variable;
        if (name == null && from == null) {
            return Objects.requireNonNull(config.accounts().get(AccountRole.CAPTURE));
        }
        if (name == null || from == null) {
            throw new CliException("--replication-user and --replication-password-env go together");
        }
        String password = cli.environment().get(from);
        if (password == null) {
            throw new CliException("--replication-password-env: environment variable " + from + " is not set");
        }
        return new Account(name, password);
    }
}
