package io.regent.sql.local;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What can be chosen of a {@link LocalMysql}. Each {@link #start} makes one server of it. */
public final class LocalMysqlBuilder {
    private final String name;
    private final Path folder;
    private final List<String> lines = new ArrayList<>();
    private final Map<String, String> environment = new LinkedHashMap<>();
    private int port;
    private int serverId;
    private boolean delete;

    /**
     * What was chosen.
     *
     * @param port 0 for a free one
     * @param serverId 0 for the port
     * @param lines of {@code my.cnf} that follow what this package writes, and overrule it
     * @param environment what mysqld's environment has beside this JVM's
     * @param delete whether closing deletes the folder
     */
    record Settings(
            String name,
            Path folder,
            int port,
            int serverId,
            List<String> lines,
            Map<String, String> environment,
            boolean delete) {}

    LocalMysqlBuilder(String name, Path baseDirectory) {
        this.name = name;
        this.folder = baseDirectory.resolve(name).toAbsolutePath().normalize();
    }

    /** TCP port; 0, the default, takes a free one and keeps it over restarts. */
    public LocalMysqlBuilder port(int value) {
        this.port = value;
        return this;
    }

    /** {@code server_id}; by default the port, which is unique on this machine. */
    public LocalMysqlBuilder serverId(int value) {
        this.serverId = value;
        return this;
    }

    /** Another line of {@code my.cnf}; overrules what this class would write. */
    public LocalMysqlBuilder option(String option, String value) {
        lines.add(option.replace('-', '_') + " = " + value);
        return this;
    }

    /** Other lines of {@code my.cnf}, groups among them; they overrule what this class would write. */
    public LocalMysqlBuilder lines(List<String> more) {
        lines.addAll(more);
        return this;
    }

    /** What mysqld's environment has beside this JVM's. */
    public LocalMysqlBuilder environment(Map<String, String> variables) {
        environment.putAll(variables);
        return this;
    }

    /** {@link LocalMysql#close} also deletes the server's folder. */
    public LocalMysqlBuilder deleteOnClose() {
        this.delete = true;
        return this;
    }

    /** Starts the server with the distribution that {@link MysqlDistribution#locate} finds. */
    public LocalMysql start() {
        return start(MysqlDistribution.locate());
    }

    /** Starts the server; returns once it answers. */
    public LocalMysql start(MysqlDistribution distribution) {
        return LocalMysql.start(
                distribution,
                new Settings(name, folder, port, serverId, List.copyOf(lines), Map.copyOf(environment), delete));
    }
}
