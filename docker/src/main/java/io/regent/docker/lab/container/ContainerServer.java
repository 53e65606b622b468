package io.regent.docker.lab.container;

import com.github.dockerjava.api.model.Bind;
import io.regent.docker.lab.fleet.Server;
import io.regent.sql.session.Account;
import io.regent.sql.session.ServerAddress;
import io.regent.sql.session.Sessions;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/** A mysqld in a container: durable, small, everything else as production has it. */
final class ContainerServer extends ContainerMember implements Server {
    private static final Duration ANSWER = Duration.ofSeconds(5);
    private static final Account ROOT = new Account("root", "");
    /** The last of those files that the server reads there. */
    private static final String OWN = "/etc/mysql/conf.d/zz-own.cnf";

    private static final List<String> OPTIONS = List.of(
            "--gtid-mode=ON",
            "--enforce-gtid-consistency=ON",
            "--skip-name-resolve",
            "--mysqlx=OFF",
            "--innodb-buffer-pool-size=64M",
            "--innodb-redo-log-capacity=64M",
            "--table-open-cache=400",
            "--table-definition-cache=400");

    private static final String TMP = "rw,nosuid,mode=1777,size=512m";
    private static final Map<String, String> SCRATCH =
            Map.of("/tmp", TMP, "/run/mysqld", "rw,nosuid,noexec,uid=999,gid=999,size=1m");

    private final ServerAddress address;

    /** One whose own settings are those of a file of this machine as well, if there is one. */
    ContainerServer(Pod pod, String image, int serverId, ContainerMaker maker, Path log) {
        super("mysqld " + pod.region(), container(pod, image, serverId, maker), () -> answers(pod), log);
        this.address = pod.outside(Pod.MYSQL);
    }

    private static GenericContainer<?> container(Pod pod, String image, int serverId, ContainerMaker maker) {
        return maker.in(pod, DockerImageName.parse(image), directories(pod, maker), SCRATCH)
                .withEnv("MYSQL_ALLOW_EMPTY_PASSWORD", "yes")
                // The official image would write the time zones to each region's binlog, as transactions of its own.
                .withEnv("MYSQL_INITDB_SKIP_TZINFO", "yes")
                .withCommand(command(serverId, maker).toArray(String[]::new));
    }

    private static List<Bind> directories(Pod pod, ContainerMaker maker) {
        Stream<Bind> disk =
                maker.of(pod).disk().map(one -> Bind.parse(one.folder("data") + ":/var/lib/mysql")).stream();
        Stream<Bind> own = maker.servers().stream().map(one -> Bind.parse(one.written() + ":" + OWN + ":ro"));
        return Stream.concat(disk, own).toList();
    }

    /** What is on the command line overrules the file. */
    private static List<String> command(int serverId, ContainerMaker maker) {
        Stream<String> usual = OPTIONS.stream()
                .filter(option -> maker.servers().stream()
                        .noneMatch(one -> one.myCnf().sets(option.substring(2).replaceFirst("=.*", ""))));
        return Stream.concat(Stream.of("--server-id=" + serverId), usual).toList();
    }

    private static boolean answers(Pod pod) {
        try (Connection connection =
                sessions(pod.outside(Pod.MYSQL)).socketTimeout(ANSWER).open()) {
            return connection.isValid(1);
        } catch (SQLException e) {
            return false;
        }
    }

    private static Sessions sessions(ServerAddress address) {
        return Sessions.to(address, ROOT).plain();
    }

    @Override
    public ServerAddress address() {
        return address;
    }

    @Override
    public Sessions sessions() {
        return sessions(address);
    }

    @Override
    public String toString() {
        return name() + " in a container, at " + address;
    }
}
