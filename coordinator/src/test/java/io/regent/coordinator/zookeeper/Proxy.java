package io.regent.coordinator.zookeeper;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A network between a coordinator and a server that can lose answers and delay requests. */
public final class Proxy implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final int target;
    private final List<Line> lines = new CopyOnWriteArrayList<>();
    private volatile boolean losingAnswers;
    private volatile boolean holdingRequests;
    private volatile boolean cut;
    private volatile @Nullable String fatal;

    /** @param target the server's port on this machine */
    public Proxy(int target) throws IOException {
        this.target = target;
        run(this::accept, null);
    }

    /** What to call the server by. */
    public String address() {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    /** From now on requests arrive and answers do not. */
    public void loseAnswers() {
        losingAnswers = true;
    }

    /** From the first request on that carries this text, requests arrive and answers do not. */
    public void loseAnswersFrom(String text) {
        fatal = text;
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

    /** Cuts the connections of now and all later ones, until it heals. */
    public void cut() {
        cut = true;
        lines.forEach(Line::cut);
    }

    /** The next connections work. */
    public void heal() {
        cut = false;
    }

    /** Cuts the connections of now; the next ones work. */
    public void cutAndHeal() {
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
            connect(listener.accept());
        }
    }

    /** A server that is down does not end the network. */
    private void connect(Socket client) throws IOException {
        if (cut) {
            client.close();
            return;
        }
        try {
            Line line = new Line(client, new Socket(InetAddress.getLoopbackAddress(), target));
            lines.add(line);
            run(line::carryRequests, line);
            run(line::carryAnswers, line);
        } catch (ConnectException e) {
            client.close();
        }
    }

    private interface Carrying {
        void run() throws IOException;
    }

    /** One end is broken when the other is. */
    private static void run(Carrying carrying, @Nullable Line line) {
        Thread thread = new Thread(
                () -> {
                    try {
                        carrying.run();
                    } catch (IOException e) {
                        Thread.currentThread().interrupt();
                    } finally {
                        if (line != null) {
                            line.cut();
                        }
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
                    String text = fatal;
                    if (text != null
                            && held.toString(StandardCharsets.ISO_8859_1).contains(text)) {
                        fatal = null;
                        loseAnswers();
                    }
                    if (!holdingRequests) {
                        forward();
                    }
                }
            }
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
