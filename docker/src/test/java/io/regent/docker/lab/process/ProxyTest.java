package io.regent.docker.lab.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.regent.sql.session.ServerAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProxyTest {
    private static final int PATIENCE_MILLIS = 10_000;

    private ServerSocket server;
    private Proxy proxy;

    @BeforeEach
    void start() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        server.setSoTimeout(PATIENCE_MILLIS);
        proxy = Proxy.to(new ServerAddress("127.0.0.1", server.getLocalPort()));
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        server.close();
    }

    private Socket connect() throws IOException {
        Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), proxy.address().port());
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    /** What arrives next; -1 when the connection is closed, however. */
    private static int read(Socket socket) {
        try {
            return socket.getInputStream().read();
        } catch (IOException e) {
            return -1;
        }
    }

    @Test
    void bytesPassBothWays() throws IOException {
        try (Socket client = connect();
                Socket other = server.accept()) {
            client.getOutputStream().write(5);
            other.getOutputStream().write(6);

            assertThat(read(other)).isEqualTo(5);
            assertThat(read(client)).isEqualTo(6);
        }
    }

    @Test
    void overALongWayEveryByteArrivesInOrderAndLateEitherWay() throws IOException {
        Duration delay = Duration.ofMillis(70);
        byte[] sent = new byte[100_000];
        new Random(3).nextBytes(sent);
        try (Proxy far = Proxy.to(new ServerAddress("127.0.0.1", server.getLocalPort()), delay);
                Socket client = new Socket(
                        InetAddress.getLoopbackAddress(), far.address().port());
                Socket other = server.accept()) {
            client.setSoTimeout(PATIENCE_MILLIS);
            long began = System.nanoTime();
            client.getOutputStream().write(sent);
            assertThat(other.getInputStream().readNBytes(sent.length)).isEqualTo(sent);
            assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(delay.toNanos());
            other.getOutputStream().write(6);
            assertThat(read(client)).isEqualTo(6);
            assertThat(System.nanoTime() - began)
                    .isGreaterThanOrEqualTo(delay.multipliedBy(2).toNanos());

            client.shutdownOutput();

            assertThat(read(other)).isEqualTo(-1);
        }
    }

    @Test
    void whatIsUnderWayWhenALongWayIsCutNeverArrives() throws IOException {
        try (Proxy far = Proxy.to(new ServerAddress("127.0.0.1", server.getLocalPort()), Duration.ofSeconds(2));
                Socket client = new Socket(
                        InetAddress.getLoopbackAddress(), far.address().port());
                Socket other = server.accept()) {
            client.getOutputStream().write(5);

            far.hold();

            assertThat(read(other)).isEqualTo(-1);
        }
    }

    @Test
    void whileHeldConnectionsAreCutAndNewOnesGetNothing() throws IOException {
        try (Socket client = connect();
                Socket other = server.accept()) {
            client.getOutputStream().write(5);
            assertThat(read(other)).isEqualTo(5);

            proxy.hold();

            assertThat(read(client)).isEqualTo(-1);
            assertThat(read(other)).isEqualTo(-1);
            try (Socket late = connect()) {
                assertThat(read(late)).isEqualTo(-1);
            }
            server.setSoTimeout(100);
            assertThatThrownBy(server::accept).isInstanceOf(IOException.class);
        }
    }

    @Test
    void afterReleaseNothingOfBeforeArrives() throws IOException {
        try (Socket before = connect();
                Socket old = server.accept()) {
            before.getOutputStream().write(5);
            assertThat(read(old)).isEqualTo(5);
            proxy.hold();
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 1000; i++) {
                            old.getOutputStream().write(new byte[10_000]);
                        }
                    })
                    .isInstanceOf(IOException.class);
            proxy.release();
            try (Socket client = connect();
                    Socket other = server.accept()) {
                other.getOutputStream().write(7);
                assertThat(read(client)).isEqualTo(7);
                assertThat(read(before)).isEqualTo(-1);
            }
        }
    }

    @Test
    void aServerThatDoesNotRunIsAClosedConnection() throws IOException {
        server.close();
        try (Socket client = connect()) {
            assertThat(read(client)).isEqualTo(-1);
        }
    }
}
