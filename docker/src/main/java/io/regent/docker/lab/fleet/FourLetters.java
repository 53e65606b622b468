package io.regent.docker.lab.fleet;

import io.regent.sql.session.ServerAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** What a ZooKeeper server answers to its command {@code srvr}. */
public final class FourLetters {
    private static final int ANSWER_MILLIS = 1000;

    private FourLetters() {}

    /** Whether it serves: it is alone, or a member of an ensemble that has a leader. */
    public static boolean serves(ServerAddress address) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address.host(), address.port()), ANSWER_MILLIS);
            socket.setSoTimeout(ANSWER_MILLIS);
            socket.getOutputStream().write("srvr".getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return answer.startsWith("Zookeeper version");
        } catch (IOException e) {
            return false;
        }
    }
}
