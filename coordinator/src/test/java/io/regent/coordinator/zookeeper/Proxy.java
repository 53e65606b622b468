package io.regent.coordinator.zookeeper;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A network between a coordinator and ZooKeeper that can lose answers and delay requests. */
final class Proxy implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final int target;
    private final List<Line> lines = new CopyOnWriteArrayList<>();
    private volatile boolean losingAnswers;
    private volatile boolean holdingRequests;

    Proxy(int target) throws IOException {
        this.target = target;
        run(this::accept);
    }

    String address() {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    /** From now on requests arrive and answers do not. */
    void loseAnswers() {
        losingAnswers = true;
    }

    /** From now on requests wait here. */
    void holdRequests() {
        holdingRequests = true;
    }

    /** Lets the requests that wait go on, and all later ones. */
    void release() {
        holdingRequests = false;
        lines.forEach(Line::release);
    }

    /** Cuts the connections of now; the next ones work. */
    void cutAndHeal() {
        losingAnswers = false;
        lines.forEach(Line::cut);
    }

    @Override
    public void close() throws IOException {
        listener.close();
        lines.forEach(Line::cut);
    }

    private void accept() throws IOException {
        while (!listener.isClosed()) {
            Line line = new Line(listener.accept(), new Socket(InetAddress.getLoopbackAddress(), target));
            lines.add(line);
            run(line::carryRequests);
            run(line::carryAnswers);
        }
    }

    private interface Carrying {
        void run() throws IOException;
    }

    /** A broken connection ends its thread: that is what a network does, and what both ends notice by themselves. */
    private static void run(Carrying carrying) {
        Thread thread = new Thread(
                () -> {
                    try {
                        carrying.run();
                    } catch (IOException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private final class Line {
        private final Socket client;
        private final Socket server;
        private final ByteArrayOutputStream held = new ByteArrayOutputStream();

        Line(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        void carryRequests() throws IOException {
            byte[] chunk = new byte[8192];
            for (int n = client.getInputStream().read(chunk);
                    n >= 0;
                    n = client.getInputStream().read(chunk)) {
                synchronized (held) {
                    held.write(chunk, 0, n);
                    if (!holdingRequests) {
                        forward();
                    }
                }
            }
            server.close();
        }

        void carryAnswers() throws IOException {
            byte[] chunk = new byte[8192];
            for (int n = server.getInputStream().read(chunk);
                    n >= 0;
                    n = server.getInputStream().read(chunk)) {
                if (!losingAnswers) {
                    client.getOutputStream().write(chunk, 0, n);
                }
            }
            client.close();
        }

        void release() {
            synchronized (held) {
                try {
                    forward();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }

        void cut() {
            try {
                client.close();
                server.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void forward() throws IOException {
            held.writeTo(server.getOutputStream());
            held.reset();
        }
    }
}
