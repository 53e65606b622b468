package io.regent.docker.lab.process;

import io.regent.docker.lab.fleet.Links;
import io.regent.sql.session.ServerAddress;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * The network between coordinators and a server, which may be far. While it is held, all connections are
 * cut and new ones are closed at once; it keeps no byte back, so nothing of before arrives after {@link #release}.
 */
public final class Proxy implements Links, AutoCloseable {
    private static final int MOST_LINES = 128;
    private static final int CHUNK = 16_384;
    private static final Duration CONNECT = Duration.ofSeconds(1);

    private final ServerSocket listener;
    private final ServerAddress target;
    private final Duration delay;
    private final Set<Line> lines = new HashSet<>();
    private boolean held;

    private Proxy(ServerSocket listener, ServerAddress target, Duration delay) {
        this.listener = listener;
        this.target = target;
        this.delay = delay;
    }

    /**
     * Opens a way to a server, which need not run yet.
     *
     * @throws IOException if no port can be had
     */
    public static Proxy to(ServerAddress target) throws IOException {
        return to(target, Duration.ZERO);
    }

    /**
     * The same, a long one.
     *
     * @param delay how long every byte is under way, either way
     */
    public static Proxy to(ServerAddress target, Duration delay) throws IOException {
        Proxy proxy = new Proxy(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), target, delay);
        run("proxy", proxy::accept);
        return proxy;
    }

    /** Where it listens. */
    public ServerAddress address() {
        return new ServerAddress("127.0.0.1", listener.getLocalPort());
    }

    @Override
    public void hold() {
        synchronized (lines) {
            held = true;
            lines.forEach(Line::cut);
            lines.clear();
        }
    }

    @Override
    public void release() {
        synchronized (lines) {
            held = false;
        }
    }

    /** Cuts all connections and listens no more. */
    @Override
    public void close() {
        hold();
        closeQuietly(listener);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                run("proxy-line", () -> connect(client));
            } catch (IOException e) {
                closeQuietly(listener);
            }
        }
    }

    private void connect(Socket client) {
        Line line = new Line(client, new Socket());
        if (!enter(line)) {
            line.cut();
            return;
        }
        try {
            line.server.connect(new InetSocketAddress(target.host(), target.port()), (int) CONNECT.toMillis());
            client.setTcpNoDelay(true);
            line.server.setTcpNoDelay(true);
            run("proxy-answers", () -> carry(line, line.server, client));
            carry(line, client, line.server);
        } catch (IOException e) {
            leave(line);
        }
    }

    /** One direction, until either end closes or the network is held. */
    private void carry(Line line, Socket from, Socket to) {
        byte[] chunk = new byte[CHUNK];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            if (!delay.isZero()) {
                carrySlowly(in, out);
                return;
            }
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                out.write(chunk, 0, n);
            }
        } catch (IOException e) {
            // Cut, by an end or by hold(): both ends see it.
        } finally {
            leave(line);
        }
    }

    private void carrySlowly(InputStream in, OutputStream out) throws IOException {
        SlowLine slow = new SlowLine(delay);
        run("proxy-under-way", () -> slow.send(in));
        slow.receive(out);
    }

    private boolean enter(Line line) {
        synchronized (lines) {
            return !held && lines.size() < MOST_LINES && lines.add(line);
        }
    }

    private void leave(Line line) {
        synchronized (lines) {
            lines.remove(line);
        }
        line.cut();
    }

    private static void run(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void closeQuietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            // Closed is closed.
        }
    }

    /** One connection; equal only to itself. */
    private static final class Line {
        private final Socket client;
        private final Socket server;

        Line(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        void cut() {
            closeQuietly(client);
            closeQuietly(server);
        }
    }
}
