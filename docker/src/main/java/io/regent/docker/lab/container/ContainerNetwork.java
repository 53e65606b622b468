package io.regent.docker.lab.container;

import io.regent.docker.lab.fleet.AtOnce;
import io.regent.docker.lab.fleet.Links;
import io.regent.docker.lab.fleet.Network;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The network between the regions: each region's own drops what others send. */
final class ContainerNetwork implements Network {
    private static final String ZOOKEEPER_PORTS = "2181,2888,3888";

    private final Map<String, Pod> pods = new LinkedHashMap<>();
    private final Map<String, String> addresses = new LinkedHashMap<>();
    private final Set<String> limited = ConcurrentHashMap.newKeySet();

    /** Between pods that run. */
    ContainerNetwork(List<Pod> all) {
        for (Pod pod : all) {
            pods.put(pod.region(), pod);
            addresses.put(pod.region(), pod.ip());
        }
    }

    @Override
    public void cut(List<Cut> cuts) {
        AtOnce.each(pods.values(), pod -> pod.filter(Map.of("CUT", rules(cuts, pod.region(), addresses))));
    }

    /** What a receiver drops. */
    static List<String> rules(List<Cut> cuts, String receiver, Map<String, String> addresses) {
        List<String> rules = new ArrayList<>();
        for (Cut cut : cuts) {
            addresses.forEach((sender, address) -> {
                if (cut.drops(sender, receiver)) {
                    rules.add("-s " + address + traffic(cut.traffic()) + " -j DROP");
                }
            });
        }
        return rules;
    }

    private static String traffic(Traffic traffic) {
        return switch (traffic) {
            case ALL -> "";
            case ALL_BUT_ZOOKEEPER -> " -p tcp -m multiport ! --ports " + ZOOKEEPER_PORTS;
            case ZOOKEEPER -> " -p tcp -m multiport --ports " + ZOOKEEPER_PORTS;
        };
    }

    @Override
    public void limit(String region, int kilobits) {
        Pod pod = pods.get(region);
        if (pod == null) {
            throw new IllegalArgumentException("no region " + region);
        }
        List<String> others = addresses.entrySet().stream()
                .filter(entry -> !entry.getKey().equals(region))
                .map(Map.Entry::getValue)
                .toList();
        pod.run(limit(kilobits, others));
        if (kilobits == 0) {
            limited.remove(region);
        } else {
            limited.add(region);
        }
    }

    /**
     * Only what goes to the others is slow: applications come through the same interface. What ZooKeeper says is not, as
     * where it has precedence: else it would wait behind a full queue, and the region would be cut off.
     */
    static String limit(int kilobits, List<String> others) {
        StringBuilder script = new StringBuilder("""
                set -e
                if tc qdisc show dev eth0 | grep -q 'htb 1: root'; then tc qdisc del dev eth0 root; fi
                """);
        if (kilobits > 0) {
            script.append("""
                    tc qdisc add dev eth0 root handle 1: htb default 1
                    tc class add dev eth0 parent 1: classid 1:1 htb rate 10gbit quantum 60000
                    tc class add dev eth0 parent 1: classid 1:2 htb rate %dkbit
                    tc qdisc add dev eth0 parent 1:2 handle 2: pfifo limit 30
                    """.formatted(kilobits));
            for (String port : ZOOKEEPER_PORTS.split(",", -1)) {
                for (String end : List.of("sport", "dport")) {
                    script.append(
                            "tc filter add dev eth0 parent 1: protocol ip prio 1 u32 match ip %s %s 0xffff flowid 1:1\n"
                                    .formatted(end, port));
                }
            }
            others.forEach(
                    other -> script.append("tc filter add dev eth0 parent 1: protocol ip prio 2 u32 match ip dst ")
                            .append(other)
                            .append("/32 flowid 1:2\n"));
        }
        return script.toString();
    }

    @Override
    public void heal() {
        cut(List.of());
        List.copyOf(limited).forEach(region -> limit(region, 0));
    }

    /**
     * The way of the others to this region's server. While it is held, connections are reset at both ends with the next
     * packet of either.
     */
    Links links(Pod pod) {
        List<String> others = addresses.entrySet().stream()
                .filter(entry -> !entry.getKey().equals(pod.region()))
                .map(Map.Entry::getValue)
                .toList();
        String reset = " -j REJECT --reject-with tcp-reset";
        List<String> questions = others.stream()
                .map(other -> "-p tcp -s " + other + " --dport " + Pod.MYSQL + reset)
                .toList();
        List<String> answers = others.stream()
                .map(other -> "-p tcp -d " + other + " --sport " + Pod.MYSQL + reset)
                .toList();
        return new Links() {
            @Override
            public void hold() {
                pod.filter(Map.of("HOLD", questions, "HOLD_ANSWERS", answers));
            }

            @Override
            public void release() {
                pod.filter(Map.of("HOLD", List.of(), "HOLD_ANSWERS", List.of()));
            }
        };
    }
}
