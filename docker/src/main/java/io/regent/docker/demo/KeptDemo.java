package io.regent.docker.demo;

import io.regent.docker.lab.fleet.FleetException;
import io.regent.docker.lab.fleet.JavaProcess;
import io.regent.docker.lab.fleet.Waiting;
import io.regent.docker.lab.play.PlaySettings;
import io.regent.docker.lab.process.FleetRecord;
import io.regent.docker.lab.process.FleetRecord.ProcessRecord;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A demo whose cluster outlives the command: starts its keeper, shows what it prints, and later stops it. */
final class KeptDemo {
    private static final Duration STOP = Duration.ofSeconds(30);
    private static final String MAIN = "io.regent.coordinator.cli.Main";

    private KeptDemo() {}

    /** Runs the demo in a process of its own session, which a closed terminal or its Ctrl-C does not reach later. */
    static int start(PlaySettings settings, PrintWriter out, boolean colour) throws IOException {
        File errors = File.createTempFile("regent-demo-", ".err");
        Process keeper = new ProcessBuilder(command(settings, colour))
                .redirectError(Redirect.appendTo(errors))
                .start();
        Thread hook = new Thread(() -> end(keeper), "end-keeper");
        Runtime.getRuntime().addShutdownHook(hook);
        try (BufferedReader lines = keeper.inputReader(Charset.defaultCharset())) {
            Optional<Integer> code = show(lines, out);
            if (code.isPresent()) {
                Runtime.getRuntime().removeShutdownHook(hook);
                return code.get();
            }
            end(keeper);
            throw new FleetException("the demo ended before its time:\n" + Files.readString(errors.toPath()));
        } finally {
            Files.deleteIfExists(errors.toPath());
        }
    }

    /** Shows what the keeper prints, until it tells the exit code. */
    private static Optional<Integer> show(BufferedReader lines, PrintWriter out) throws IOException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            int exit = line.indexOf(Keeper.EXIT);
            if (exit >= 0) {
                return Optional.of(Integer.parseInt(
                        line.substring(exit + Keeper.EXIT.length()).replaceAll("\\D.*", "")));
            }
            out.println(line);
            out.flush();
        }
        return Optional.empty();
    }

    private static void end(Process keeper) {
        keeper.destroy();
        try {
            if (!keeper.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
                keeper.destroyForcibly();
            }
        } catch (InterruptedException e) {
            keeper.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static List<String> command(PlaySettings settings, boolean colour) {
        List<String> words = new ArrayList<>();
        ownSession().ifPresent(words::add);
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        words.addAll(List.of("-cp", JavaProcess.classPath(), MAIN, "demo", "--kept-child"));
        words.addAll(List.of("--seed", Long.toString(settings.seed())));
        words.addAll(List.of("--clients", Integer.toString(settings.clients())));
        words.addAll(List.of("--rate", Integer.toString(settings.rate())));
        words.addAll(List.of("--seconds", Long.toString(settings.load().toSeconds())));
        words.addAll(List.of("--dir", settings.directory().toString()));
        settings.json().ifPresent(file -> words.addAll(List.of("--json", file.toString())));
        if (colour) {
            words.add("--colour");
        }
        return words;
    }

    /** {@code setsid} where there is one (Linux), else {@code nohup}. */
    private static Optional<String> ownSession() {
        List<String> path = List.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator));
        return Stream.of("setsid", "nohup")
                .filter(program -> path.stream().anyMatch(folder -> Files.isExecutable(Path.of(folder, program))))
                .findFirst();
    }

    /**
     * Stops the cluster that was kept, and makes sure that nothing of it is left.
     *
     * @return what was done
     */
    static String stop(Path directory) throws IOException {
        Optional<FleetRecord> record = FleetRecord.read(directory);
        List<ProcessHandle> left = record.stream()
                .flatMap(one -> Stream.concat(Stream.of(one.keeper()), one.processes().stream()))
                .flatMap(process -> process.find().stream())
                .toList();
        if (record.isEmpty() || left.isEmpty()) {
            return "no demo runs in " + directory;
        }
        record.get().keeper().find().ifPresent(ProcessHandle::destroy);
        if (!Waiting.until(STOP, () -> left.stream().noneMatch(ProcessHandle::isAlive))) {
            left.forEach(ProcessHandle::destroyForcibly);
        }
        if (!Waiting.until(STOP, () -> left.stream().noneMatch(ProcessHandle::isAlive))) {
            throw new FleetException("still alive: " + left);
        }
        return "stopped the demo in " + directory + ": "
                + record.get().processes().stream().map(ProcessRecord::name).toList();
    }
}
