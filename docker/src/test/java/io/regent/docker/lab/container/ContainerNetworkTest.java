package io.regent.docker.lab.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.regent.docker.lab.fleet.Network.Cut;
import io.regent.docker.lab.fleet.Network.Traffic;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ContainerNetworkTest {
    private static final Map<String, String> ADDRESSES =
            Map.of("phx1", "10.0.0.1", "aws1", "10.0.0.2", "aws2", "10.0.0.3");

    private static List<String> rules(String receiver, Cut... cuts) {
        return ContainerNetwork.rules(List.of(cuts), receiver, ADDRESSES);
    }

    @Test
    void aFullCutIsDroppedAtBothEndsAndNowhereElse() {
        Cut cut = Cut.between(Set.of("phx1"), Set.of("aws1", "aws2"));

        assertThat(rules("phx1", cut)).containsExactlyInAnyOrder("-s 10.0.0.2 -j DROP", "-s 10.0.0.3 -j DROP");
        assertThat(rules("aws1", cut)).containsExactly("-s 10.0.0.1 -j DROP");
        assertThat(rules("aws2", cut)).containsExactly("-s 10.0.0.1 -j DROP");
    }

    @Test
    void aOneWayCutIsDroppedAtTheReceiverOnly() {
        Cut cut = new Cut(Set.of("phx1"), Set.of("aws1"), false, Traffic.ALL);

        assertThat(rules("aws1", cut)).containsExactly("-s 10.0.0.1 -j DROP");
        assertThat(rules("phx1", cut)).isEmpty();
    }

    @Test
    void zookeeperIsCutOrSparedByItsPorts() {
        assertThat(rules("aws1", new Cut(Set.of("phx1"), Set.of("aws1"), true, Traffic.ZOOKEEPER)))
                .containsExactly("-s 10.0.0.1 -p tcp -m multiport --ports 2181,2888,3888 -j DROP");
        assertThat(rules("aws1", new Cut(Set.of("phx1"), Set.of("aws1"), true, Traffic.ALL_BUT_ZOOKEEPER)))
                .containsExactly("-s 10.0.0.1 -p tcp -m multiport ! --ports 2181,2888,3888 -j DROP");
    }

    @Test
    void aLimitIsForTheOtherRegionsOnlyAndNoneLeavesNothingBehind() {
        assertThat(ContainerNetwork.limit(500, List.of("10.0.0.2", "10.0.0.3")))
                .contains("rate 500kbit", "dst 10.0.0.2/32 flowid 1:2", "dst 10.0.0.3/32 flowid 1:2", "htb default 1")
                .contains("prio 1 u32 match ip dport 2181 0xffff flowid 1:1")
                .contains("set -e")
                .doesNotContain("|| true");
        assertThat(ContainerNetwork.limit(0, List.of("10.0.0.2"))).doesNotContain("qdisc add");
    }

    @Test
    void aRegionIsNotCutFromItself() {
        assertThatThrownBy(() -> Cut.between(Set.of("phx1"), Set.of("aws1", "phx1")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
