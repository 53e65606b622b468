package io.regent.coordinator.daemon;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.regent.coordinator.config.ClusterConfig;
import io.regent.coordinator.config.ConfigFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DaemonListenTest {
    private static final String FILE = """
            cluster: identity
            region: deaf
            zookeeper: 127.0.0.1:1
            regions:
              deaf: {mysql: "127.0.0.1:1", coordinator: "127.0.0.1:PORT"}
            accounts:
              capture: {password: a}
              apply: {password: a}
              observe: {password: a}
              fence: {password: a}
            """;

    @Test
    void oneThatCannotListenLeavesNothingRunning() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String text = FILE.replace("PORT", String.valueOf(taken.getLocalPort()));
            ClusterConfig config = ConfigFile.parse("regent.yaml", text, Map.of());
            Daemon daemon = new Daemon(config, config.region("deaf").orElseThrow(), "deaf-1", "test");
            assertThatThrownBy(daemon::start)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("cannot listen on 127.0.0.1:" + taken.getLocalPort());
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> Thread.getAllStackTraces().keySet().stream()
                            .noneMatch(thread -> thread.getName().equals("wait-deaf")));
        }
    }
}
