package io.regent.docker.lab.process;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.regent.docker.lab.fleet.FleetSettings;
import io.regent.docker.lab.fleet.JavaProcess;
import io.regent.sql.session.Account;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What runs, written into the directory of a fleet: how to talk to it and how to stop it.
 *
 * @param keeper the process that all others hang on
 * @param processes all others
 * @param cluster name of the cluster
 * @param config the operator's YAML file
 * @param zookeeper where it listens
 * @param regions name to where its server and its coordinator listen
 * @param accounts {@code application} and {@code administrator}
 */
public record FleetRecord(
        ProcessRecord keeper,
        List<ProcessRecord> processes,
        String cluster,
        String config,
        String zookeeper,
        Map<String, RegionRecord> regions,
        Map<String, AccountRecord> accounts) {
    private static final String FILE = "fleet.json";

    /**
     * A process. A pid is given to others after its process has gone; both together name one.
     *
     * @param name what it is
     * @param pid its number
     * @param started when it started, as the operating system tells; empty if it does not
     */
    public record ProcessRecord(String name, long pid, String started) {
        /** A process that runs. */
        public static ProcessRecord of(String name, ProcessHandle handle) {
            return new ProcessRecord(name, handle.pid(), started(handle));
        }

        private static String started(ProcessHandle handle) {
            return handle.info().startInstant().map(Instant::toString).orElse("");
        }

        /** The process, if it still runs. */
        public Optional<ProcessHandle> find() {
            return ProcessHandle.of(pid)
                    .filter(ProcessHandle::isAlive)
                    .filter(handle -> started(handle).equals(started));
        }
    }

    /** Where a region's server and its coordinator listen. */
    public record RegionRecord(String mysql, String coordinator) {}

    /** How to log in. */
    public record AccountRecord(String user, String password) {}

    /** What runs of a fleet now. */
    static FleetRecord of(FleetSettings settings, ZooKeeperProcess zookeeper, List<ProcessNode> nodes) {
        List<ProcessRecord> processes = new ArrayList<>();
        processes.add(ProcessRecord.of("zookeeper", zookeeper.process().handle()));
        Map<String, RegionRecord> regions = new LinkedHashMap<>();
        for (ProcessNode node : nodes) {
            if (node.mysql().isAlive()) {
                ProcessHandle.of(node.mysql().pid())
                        .ifPresent(handle ->
                                processes.add(ProcessRecord.of(node.mysql().name(), handle)));
            }
            node.coordinator()
                    .process()
                    .filter(JavaProcess::isAlive)
                    .ifPresent(one -> processes.add(ProcessRecord.of(one.name(), one.handle())));
            regions.put(
                    node.name(),
                    new RegionRecord(
                            node.mysql().address().toString(),
                            node.coordinator().http().toString()));
        }
        Map<String, AccountRecord> accounts = new LinkedHashMap<>();
        Account application = settings.application();
        accounts.put("application", new AccountRecord(application.user(), application.password()));
        accounts.put("administrator", new AccountRecord("root", ""));
        return new FleetRecord(
                ProcessRecord.of("keeper", ProcessHandle.current()),
                processes,
                settings.cluster(),
                settings.configFile().toString(),
                zookeeper.address().toString(),
                regions,
                accounts);
    }

    /** Writes it, in one step. */
    public void write(Path directory) throws IOException {
        Path fresh = directory.resolve(FILE + ".new");
        ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
        Files.writeString(fresh, mapper.writeValueAsString(this) + "\n");
        Files.move(fresh, directory.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Reads what stands in a directory; empty if there never was a fleet. */
    public static Optional<FleetRecord> read(Path directory) throws IOException {
        try {
            return Optional.of(
                    new ObjectMapper().readValue(Files.readString(directory.resolve(FILE)), FleetRecord.class));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** The application's account. */
    public AccountRecord application() {
        AccountRecord account = accounts.get("application");
        if (account == null) {
            throw new IllegalStateException("no account of the application");
        }
        return account;
    }

    /** Whether its keeper still runs. */
    @JsonIgnore
    public boolean isRunning() {
        return keeper.find().isPresent();
    }
}
