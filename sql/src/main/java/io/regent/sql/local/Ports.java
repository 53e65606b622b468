package io.regent.sql.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** Free TCP ports of the loopback interface. */
public final class Ports {
    // Below the ports that Linux and macOS give to outgoing connections, so that none takes it during a restart.
    private static final int LOWEST = 15_000;
    private static final int HIGHEST = 30_000;
    private static final int TRIES = 200;

    private Ports() {}

    /**
     * A port that nobody listens on now and that no outgoing connection is given, so that it stays free over restarts.
     *
     * @throws LocalMysqlException if none is found
     */
    public static int free() {
        for (int i = 0; i < TRIES; i++) {
            int port = any();
            if (isFree(port)) {
                return port;
            }
        }
        throw new LocalMysqlException("found no free port between " + LOWEST + " and " + HIGHEST);
    }

    /**
     * So many different ones. All are held until the last is found: two who draw at the same time get none in common.
     *
     * @throws LocalMysqlException if there are not so many
     */
    public static List<Integer> free(int count) {
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (int tries = 0; held.size() < count && tries < TRIES * count; tries++) {
                hold(any()).ifPresent(held::add);
            }
            if (held.size() < count) {
                throw new LocalMysqlException(
                        "found no " + count + " free ports between " + LOWEST + " and " + HIGHEST);
            }
            return held.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            held.forEach(Ports::close);
        }
    }

    private static int any() {
        return ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
    }

    private static Optional<ServerSocket> hold(int port) {
        try {
            ServerSocket socket = new ServerSocket();
            try {
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return Optional.of(socket);
            } catch (IOException e) {
                socket.close();
                return Optional.empty();
            }
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static void close(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether nobody listens on the port. */
    public static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
