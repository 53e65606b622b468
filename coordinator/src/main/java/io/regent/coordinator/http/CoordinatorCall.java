package io.regent.coordinator.http;

import io.regent.sql.session.ServerAddress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Asks a coordinator over HTTP. */
public final class CoordinatorCall {
    private static final int OK = 200;
    private static final int LARGEST = 1 << 24;
    private static final int CHUNK = 1 << 14;

    private CoordinatorCall() {}

    /**
     * What it answers.
     *
     * @param path as {@link StatusServer} has it
     * @param within how long each of connecting, the first byte and the rest may take
     * @throws IOException if it does not answer in time, or not with 200
     */
    public static String get(ServerAddress address, String path, Duration within) throws IOException {
        URI uri = URI.create("http://" + address + path);
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
        connection.setConnectTimeout((int) within.toMillis());
        connection.setReadTimeout((int) within.toMillis());
        try {
            if (connection.getResponseCode() != OK) {
                throw new IOException("it answers with " + connection.getResponseCode());
            }
            try (InputStream body = connection.getInputStream()) {
                return read(body, System.nanoTime() + within.toNanos());
            }
        } finally {
            connection.disconnect();
        }
    }

    /** Whoever says a little now and then does not answer. */
    private static String read(InputStream body, long end) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] chunk = new byte[CHUNK];
        for (int length = body.read(chunk); length >= 0; length = body.read(chunk)) {
            all.write(chunk, 0, length);
            if (System.nanoTime() - end > 0) {
                throw new SocketTimeoutException("its answer does not end");
            }
            if (all.size() > LARGEST) {
                throw new IOException("its answer is too long");
            }
        }
        return all.toString(StandardCharsets.UTF_8);
    }
}
