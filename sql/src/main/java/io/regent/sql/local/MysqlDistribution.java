package io.regent.sql.local;

import io.regent.sql.session.ServerVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An unpacked MySQL server distribution that runs on this machine.
 *
 * <p>Safe for several processes at once: what it adds to the folder is made under a file lock and renamed into place.
 */
public final class MysqlDistribution {
    /** System property that names the folder of the distribution; the build sets it. */
    public static final String HOME_PROPERTY = "regent.mysql.home";

    private static final Duration VERSION = Duration.ofSeconds(30);
    private static final Duration INITIALIZE = Duration.ofMinutes(2);
    private static final Pattern VERSION_OUTPUT = Pattern.compile("Ver (\\d+\\.\\d+\\.\\d+)");

    private final Path home;
    private final ServerVersion version;

    private MysqlDistribution(Path home, ServerVersion version) {
        this.home = home;
        this.version = version;
    }

    /**
     * The distribution that {@value #HOME_PROPERTY} names, made to run.
     *
     * @throws LocalMysqlException if the property is absent or the distribution cannot run here
     */
    public static MysqlDistribution locate() {
        String home = System.getProperty(HOME_PROPERTY);
        if (home == null || home.isBlank()) {
            throw new LocalMysqlException("system property " + HOME_PROPERTY
                    + " does not name an unpacked MySQL distribution; the build unpacks one into"
                    + " sql/target/mysql-8.0.33");
        }
        return at(Path.of(home));
    }

    /**
     * The distribution in this folder, made to run: a missing {@code libaio.so.1} is fetched into it.
     *
     * @throws LocalMysqlException if there is none or it cannot run here
     */
    public static MysqlDistribution at(Path folder) {
        Path home = folder.toAbsolutePath().normalize();
        Path mysqld = home.resolve("bin/mysqld");
        if (!Files.isExecutable(mysqld)) {
            throw new LocalMysqlException("no program " + mysqld + ": " + HOME_PROPERTY + " is wrong, or the build"
                    + " did not unpack the distribution");
        }
        Command.Result first = askVersion(home);
        if (!first.ok() && first.output().contains("libaio")) {
            inLock(home, () -> {
                if (!askVersion(home).ok()) {
                    new LibAio(home).provide();
                }
            });
            return new MysqlDistribution(home, version(askVersion(home)));
        }
        return new MysqlDistribution(home, version(first));
    }

    private static Command.Result askVersion(Path home) {
        return Command.run(home, VERSION, List.of(home.resolve("bin/mysqld").toString(), "--no-defaults", "--version"));
    }

    private static ServerVersion version(Command.Result result) {
        Matcher matcher = VERSION_OUTPUT.matcher(result.output());
        if (!result.ok() || !matcher.find()) {
            throw new LocalMysqlException("mysqld does not run on this machine: exit " + result.exit() + ": "
                    + result.output().strip());
        }
        return ServerVersion.parse(matcher.group(1));
    }

    /** The folder. */
    public Path home() {
        return home;
    }

    /** The server's version. */
    public ServerVersion version() {
        return version;
    }

    /** A program of the distribution: mysqld, mysql, mysqladmin, mysqldump or mysqlbinlog. */
    public Path program(String name) {
        return home.resolve("bin").resolve(name);
    }

    /** Copies an initialised, empty data directory; the server will give itself a new uuid. */
    void createDataDirectory(Path target) throws IOException {
        Path template = home.resolve("template-data");
        if (!Files.isDirectory(template)) {
            inLock(home, () -> {
                if (!Files.isDirectory(template)) {
                    initialize(template);
                }
            });
        }
        Directories.copy(template, target);
    }

    private void initialize(Path template) throws IOException {
        Path scratch = Files.createTempDirectory(home, "template-");
        try {
            Path data = scratch.resolve("data");
            List<String> command = new ArrayList<>(List.of(
                    program("mysqld").toString(),
                    "--no-defaults",
                    "--initialize-insecure",
                    "--basedir=" + home,
                    "--datadir=" + data,
                    "--innodb-redo-log-capacity=8M",
                    "--innodb-buffer-pool-size=64M",
                    "--mysqlx=OFF"));
            command.addAll(Privileges.mysqldOptions());
            Command.Result result = Command.run(scratch, INITIALIZE, command);
            if (!result.ok()) {
                throw new LocalMysqlException("mysqld --initialize-insecure failed: exit " + result.exit() + ": "
                        + result.output().strip());
            }
            Files.deleteIfExists(data.resolve("auto.cnf"));
            Files.move(data, template, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Directories.deleteQuietly(scratch);
        }
    }

    private static void inLock(Path home, FileMutex.Work work) {
        try {
            FileMutex.hold(home.resolve(".regent.lock"), work);
        } catch (IOException e) {
            throw new LocalMysqlException("cannot prepare the distribution in " + home, e);
        }
    }
}
