package io.regent.docker.lab.step;

import io.regent.docker.lab.fleet.FleetException;
import io.regent.sql.session.ServerAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZKUtil;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;

/** What a cluster that did not keep its promises is asked before it ends, beside its logs and the history of its clients. */
final class Remains {
    private static final int SESSION_MILLIS = 10_000;

    private Remains() {}

    /** Writes it into the stage's directory; what cannot be had is told there instead. */
    static void write(Stage stage) {
        write(stage, "zookeeper.txt", dump(stage.fleet().zookeepers()));
        write(stage, "status.json", said(stage, "status", "--json"));
        write(stage, "why.txt", said(stage, "why"));
        write(stage, "seed.txt", List.of("seed " + stage.settings().seed()));
    }

    private static void write(Stage stage, String name, List<String> lines) {
        Path file = stage.settings().directory().resolve(name);
        try {
            Files.write(file, lines);
        } catch (IOException e) {
            stage.terminal().bad("cannot write " + file + ": " + e.getMessage());
        }
    }

    private static List<String> said(Stage stage, String... words) {
        try {
            return stage.quietly(words).out();
        } catch (FleetException e) {
            return List.of("nothing: " + e.getMessage());
        }
    }

    /** Every znode with its version and what it holds. */
    private static List<String> dump(List<ServerAddress> servers) {
        String connect = servers.stream().map(ServerAddress::toString).collect(Collectors.joining(","));
        List<String> lines = new ArrayList<>();
        try {
            ZooKeeper zookeeper = new ZooKeeper(connect, SESSION_MILLIS, event -> {});
            try {
                dump(zookeeper, lines);
            } finally {
                zookeeper.close();
            }
        } catch (IOException | KeeperException e) {
            lines.add("and no more: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return lines;
    }

    private static void dump(ZooKeeper zookeeper, List<String> lines) throws KeeperException, InterruptedException {
        for (String path : ZKUtil.listSubTreeBFS(zookeeper, "/")) {
            Stat stat = new Stat();
            byte[] data = zookeeper.getData(path, false, stat);
            lines.add(path + " (version " + stat.getVersion() + "): "
                    + (data == null ? "" : new String(data, StandardCharsets.UTF_8)));
        }
    }
}
