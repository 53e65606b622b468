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
import java.util.stream.Stream;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/** A mysqld in a container: durable, small, everything else as production has it. */
final class ContainerServer extends ContainerMember implements Server {
    private static final Duration ANSWER = Duration.ofSeconds(5);
    private static final Account ROOT = new Account("root", "");
    private static final List<String> OPTIONS = List.of(
            "--gtid-mode=ON",
            "--enforce-gtid-consistency=ON",
            "--skip-name-resolve",
            "--mysqlx=OFF",
            "--innodb-buffer-pool-size=64M",
            "--innodb-redo-log-capacity=64M",
            "--table-open-cache=400",
            "--table-definition-cache=400");

    private final ServerAddress address;

    ContainerServer(Pod pod, String image, int serverId, ContainerMaker maker, Path log) {
        super("mysqld " + pod.region(), container(pod, image, serverId, maker), () -> answers(pod), log);
        this.address = pod.outside(Pod.MYSQL);
    }

    private static GenericContainer<?> container(Pod pod, String image, int serverId, ContainerMaker maker) {
        String[] command = Stream.concat(Stream.of("--server-id=" + serverId), OPTIONS.stream())
                .toArray(String[]::new);
        List<Bind> disk = maker.of(pod).disk().map(one -> Bind.parse(one.folder("data") + ":/var/lib/mysql")).stream()
                .toList();
        return maker.in(pod, DockerImageName.parse(image), disk)
                .withEnv("MYSQL_ALLOW_EMPTY_PASSWORD", "yes")
                .withCommand(command);
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
