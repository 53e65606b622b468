package io.regent.docker.lab.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.regent.docker.lab.fleet.JavaProcess.Program;
import io.regent.sql.local.LocalMysql;
import io.regent.sql.local.Ports;
import io.regent.sql.session.ServerAddress;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLConnection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One region on this machine: its server, its coordinator, and the way of the others to its server. */
public final class Node {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ANSWER_MILLIS = 1000;
    private static final int MEGABYTES = 256;
    private static final Duration STOP = Duration.ofSeconds(15);

    private final String name;
    private final LocalMysql mysql;
    private final Proxy links;
    private final ServerAddress http;
    private final Path folder;
    private volatile @Nullable JavaProcess coordinator;

    Node(String name, LocalMysql mysql, Proxy links, int httpPort, Path folder) {
        this.name = name;
        this.mysql = mysql;
        this.links = links;
        this.http = new ServerAddress("127.0.0.1", httpPort);
        this.folder = folder;
    }

    /** Name of the region. */
    public String name() {
        return name;
    }

    /** Its server. */
    public LocalMysql mysql() {
        return mysql;
    }

    /** The way by which the coordinators of other regions reach its server. */
    public Proxy links() {
        return links;
    }

    /** Where its coordinator answers. */
    public ServerAddress http() {
        return http;
    }

    /** The file of its coordinator. */
    Path configFile() {
        return folder.resolve(name + ".yaml");
    }

    /** What its coordinator prints. */
    public Path coordinatorLog() {
        return folder.resolve(name + "-coordinator.log");
    }

    /** Starts its coordinator, the daemon that production runs; does not wait for it to answer. */
    public void startCoordinator() {
        if (!Ports.isFree(http.port())) {
            throw new FleetException(
                    "port " + http.port() + " is taken: the coordinator of " + name + " cannot use it");
        }
        List<String> words = List.of(
                "io.regent.coordinator.cli.Main",
                "coordinator",
                "--config",
                configFile().toString());
        Program program = new Program("coordinator of " + name, MEGABYTES, JavaProcess.productClassPath(), words);
        coordinator = JavaProcess.start(program, coordinatorLog());
    }

    /** Its coordinator, if it was started; it may have ended meanwhile. */
    public Optional<JavaProcess> coordinator() {
        return Optional.ofNullable(coordinator);
    }

    /** Whether its coordinator answers. */
    boolean answers() {
        return status().isObject();
    }

    /** Whether its coordinator says that it is the cluster's controller. */
    public boolean isController() {
        return status().path("controller").asBoolean();
    }

    /** What its coordinator says of itself; nothing if it does not answer. */
    private JsonNode status() {
        try {
            URLConnection connection =
                    URI.create("http://" + http + "/status").toURL().openConnection();
            connection.setConnectTimeout(ANSWER_MILLIS);
            connection.setReadTimeout(ANSWER_MILLIS);
            try (InputStream answer = connection.getInputStream()) {
                return JSON.readTree(answer);
            }
        } catch (IOException e) {
            return JSON.missingNode();
        }
    }

    /** SIGTERM to the coordinator, if it runs. */
    void stopCoordinator() {
        coordinator().ifPresent(process -> process.stop(STOP));
    }

    /** kill -9 of the server and of the coordinator, as one blow. */
    public void killBoth() {
        Optional<ProcessHandle> daemon = coordinator().map(JavaProcess::handle);
        ProcessHandle.of(mysql.pid()).ifPresent(ProcessHandle::destroyForcibly);
        daemon.ifPresent(ProcessHandle::destroyForcibly);
        mysql.kill();
        coordinator().ifPresent(JavaProcess::kill);
    }

    /** Ends all of it at once. */
    void close() {
        coordinator().ifPresent(JavaProcess::close);
        links.close();
        mysql.close();
    }
}
