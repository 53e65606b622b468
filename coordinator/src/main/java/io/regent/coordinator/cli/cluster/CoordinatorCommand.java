package io.regent.coordinator.cli.cluster;

import io.regent.coordinator.cli.Cli;
import io.regent.coordinator.cli.CliException;
import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.ConfigException;
import io.regent.coordinator.config.RegionConfig;
import io.regent.coordinator.daemon.Daemon;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code dbctl coordinator}. */
@Command(
        name = "coordinator",
        description = {
            "Runs the coordinator of a region, until it is told to end (SIGTERM, Ctrl-C).",
            "It ends without closing its region's MySQL: started again within the lease it goes on as before."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:ended on request",
            "1:ended by an error",
            "2:wrong use, wrong configuration",
            "70:halted: the lease was over and MySQL could not be seen to be closed"
        },
        footerHeading = "%nExample:%n",
        footer = "  dbctl coordinator --config /etc/regent/phx1.yaml")
final class CoordinatorCommand implements Callable<Integer> {
    private static final int LONGEST_NAME = 64;

    private final Cli cli;

    @Option(names = "--region", paramLabel = "REGION", description = "Its region; by default the file's 'region'.")
    private @Nullable String region;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "Its name, unique among the coordinators of its region; by default REGION-HOST.")
    private @Nullable String name;

    @Option(
            names = "--log",
            paramLabel = "FORMAT",
            defaultValue = "plain",
            description = "How it logs to standard output: plain or json; by default ${DEFAULT-VALUE}.")
    private String log = "plain";

    CoordinatorCommand(Cli cli) {
        this.cli = cli;
    }

    @Override
    public Integer call() throws ConfigException, CliException, InterruptedException {
        ClusterConfig config = cli.config();
        if (config.zookeeper().isEmpty()) {
            throw new CliException("the configuration names no ensemble: add 'zookeeper: host:2181'");
        }
        RegionConfig own = own(config);
        format().begin();
        Daemon daemon = new Daemon(config, own, checkedName(own.name()), cli.version());
        try {
            daemon.start();
        } catch (IOException e) {
            throw new CliException(String.valueOf(e.getMessage()), e);
        }
        // Only now: the hook ends with 0, which one that could not start must not.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(daemon), "shutdown"));
        daemon.awaitEnd();
        return daemon.failed() ? 1 : 0;
    }

    /** A signal would leave 143 behind, which says that something went wrong. */
    private static void end(Daemon daemon) {
        daemon.close();
        if (!daemon.failed()) {
            Runtime.getRuntime().halt(0);
        }
    }

    private RegionConfig own(ClusterConfig config) throws CliException {
        String wanted = Optional.ofNullable(region)
                .or(config::region)
                .orElseThrow(() -> new CliException(
                        "which region is this? Add 'region: NAME' to the configuration or give --region NAME"));
        return RegionNames.named(config, wanted);
    }

    private DaemonLog format() throws CliException {
        return switch (log) {
            case "plain" -> DaemonLog.PLAIN;
            case "json" -> DaemonLog.JSON;
            default -> throw new CliException("--log: plain or json, not '" + log + "'");
        };
    }

    private String checkedName(String ofRegion) throws CliException {
        String wanted = name == null ? ofRegion + "-" + host() : name;
        if (!wanted.matches("[A-Za-z0-9._-]{1," + LONGEST_NAME + "}")) {
            throw new CliException("not a coordinator's name: '" + wanted + "' (--name: 1 to " + LONGEST_NAME
                    + " letters, digits, '.', '_', '-')");
        }
        return wanted;
    }

    private static String host() {
        try {
            String host = InetAddress.getLocalHost().getHostName();
            return host.substring(0, Math.min(host.length(), LONGEST_NAME / 2)).replaceAll("[^A-Za-z0-9._-]", "-");
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
