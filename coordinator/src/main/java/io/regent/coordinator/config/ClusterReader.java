package io.regent.coordinator.config;

import io.regent.sql.session.ServerAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The top of the file and its regions, with what must agree between them. */
final class ClusterReader {
    private static final Pattern CLUSTER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,62}");
    private static final Pattern REGION = Pattern.compile("[a-z0-9][a-z0-9_-]{0,31}");
    private static final Pattern HOST = Pattern.compile("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?");
    private static final int HIGHEST_PRIORITY = 1000;

    private static final String STATE = "regent-state";

    private final Section root;
    private final Path base;

    /** @param base what relative paths in the file are relative to */
    ClusterReader(Section root, Path base) {
        this.root = root;
        this.base = base;
    }

    /** The cluster; complete only if no problem was reported meanwhile. */
    Optional<ClusterConfig> read() {
        Optional<String> cluster = root.convert("cluster", root.requiredText("cluster"), ClusterReader::clusterName);
        Optional<String> region = root.text("region");
        Optional<String> zookeeper = root.convert("zookeeper", root.text("zookeeper"), ClusterReader::ensemble);
        Optional<Path> state = root.convert("state", root.text("state"), this::path);
        OnReturn onReturn = root.convert("on-return", root.text("on-return"), ClusterReader::onReturn)
                .orElse(OnReturn.HOLD);
        Optional<Section> section = root.requiredSection("regions");
        List<RegionConfig> regions = section.map(this::regions).orElse(List.of());
        var accounts = root.requiredSection("accounts").map(AccountsReader::read);
        root.finish();
        region.ifPresent(own -> checkOwn(own, section.map(Section::names).orElse(List.of())));
        return cluster.flatMap(name -> accounts.map(found -> new ClusterConfig(
                name, region, zookeeper, regions, found, state.orElse(base.resolve(STATE)), onReturn)));
    }

    private void checkOwn(String own, List<String> names) {
        if (!names.isEmpty() && !names.contains(own)) {
            root.problem("region", "no region '" + own + "' under regions", Suggestion.sentence(own, names));
        }
    }

    private List<RegionConfig> regions(Section section) {
        if (section.names().isEmpty()) {
            section.problem("needs at least one region", "add one: phx1: {mysql: \"host:3306\"}");
        }
        List<RegionConfig> regions = new ArrayList<>();
        Map<ServerAddress, String> taken = new HashMap<>();
        for (String name : section.names()) {
            if (!REGION.matcher(name).matches()) {
                section.problem(name, "not a region name", "1 to 32 of a-z, 0-9, '-', '_'");
            }
            section.requiredSection(name).flatMap(one -> region(name, one)).ifPresent(region -> {
                String other = taken.putIfAbsent(region.mysql(), name);
                if (other != null) {
                    section.problem(name, "the same server as region " + other, "each region has its own");
                }
                regions.add(region);
            });
        }
        return regions;
    }

    private static Optional<RegionConfig> region(String name, Section section) {
        Optional<ServerAddress> mysql = section.convert("mysql", section.requiredText("mysql"), ServerAddress::parse);
        Optional<ServerAddress> coordinator =
                section.convert("coordinator", section.text("coordinator"), ClusterReader::withPort);
        String site = section.text("site").orElse(name);
        boolean plain = section.convert("tls", section.text("tls"), ClusterReader::withoutTls)
                .orElse(false);
        int priority = section.convert("priority", section.text("priority"), ClusterReader::priority)
                .orElse(RegionConfig.DEFAULT_PRIORITY);
        section.finish();
        return mysql.map(address -> new RegionConfig(name, address, coordinator, site, plain, priority));
    }

    private Path path(String text) {
        try {
            return base.resolve(text).normalize();
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("not a path: '" + text + "'", e);
        }
    }

    private static String clusterName(String text) {
        if (!CLUSTER.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "not a cluster name: '" + text + "' (1 to 63 letters, digits, '-', '_'; the first no sign)");
        }
        return text;
    }

    private static String ensemble(String text) {
        for (String host : text.split(",", -1)) {
            if (!HOST.matcher(host.trim()).matches()) {
                throw new IllegalArgumentException(
                        "not host:port: '" + host.trim() + "' (hosts are separated by commas, without a path)");
            }
        }
        return text.replace(" ", "");
    }

    private static ServerAddress withPort(String text) {
        if (!text.matches(".*:[0-9]+")) {
            throw new IllegalArgumentException("must be host:port, not '" + text + "'");
        }
        return ServerAddress.parse(text);
    }

    private static boolean withoutTls(String text) {
        if (!text.equals("preferred") && !text.equals("off")) {
            throw new IllegalArgumentException("must be preferred or off, not '" + text + "'");
        }
        return text.equals("off");
    }

    private static OnReturn onReturn(String text) {
        return switch (text) {
            case "hold" -> OnReturn.HOLD;
            case "certified" -> OnReturn.CERTIFIED;
            default -> throw new IllegalArgumentException("must be hold or certified, not '" + text + "'");
        };
    }

    private static int priority(String text) {
        if (!text.matches("[0-9]{1,4}") || Integer.parseInt(text) > HIGHEST_PRIORITY) {
            throw new IllegalArgumentException("must be a number from 0 to 1000, not '" + text + "'");
        }
        return Integer.parseInt(text);
    }
}
