package io.regent.coordinator.execute;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.regent.coordinator.http.SealedStream;
import io.regent.coordinator.http.Ticket;
import io.regent.replicator.link.Salvage;
import io.regent.sql.gtid.GtidSet;
import io.regent.sql.session.ServerAddress;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * Asks the coordinator of a region whose MySQL is dead for what that left behind.
 *
 * @param coordinator where it listens
 * @param verdict number of the last verdict that the region reported to have settled
 */
record SalvageClient(ServerAddress coordinator, Ticket ticket, long verdict) implements Salvage {
    private static final Duration CONNECT = Duration.ofSeconds(1);
    private static final Duration SILENCE = Duration.ofSeconds(10);
    private static final int OK = 200;
    private static final int LARGEST_REASON = 4096;
    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public InputStream open(GtidSet executed) throws IOException {
        HttpURLConnection connection = (HttpURLConnection)
                URI.create("http://" + coordinator + "/salvage").toURL().openConnection();
        connection.setConnectTimeout((int) CONNECT.toMillis());
        connection.setReadTimeout((int) SILENCE.toMillis());
        long second = Instant.now().getEpochSecond();
        String nonce = UUID.randomUUID().toString();
        connection.setRequestProperty(Ticket.TIME, Long.toString(second));
        connection.setRequestProperty(Ticket.NONCE, nonce);
        connection.setRequestProperty(Ticket.CODE, ticket.code(second, nonce, executed.toString()));
        connection.setRequestMethod("POST");
        connection.setDoOutput(true);
        try {
            connection.getOutputStream().write(executed.toString().getBytes(StandardCharsets.UTF_8));
            if (connection.getResponseCode() == OK) {
                return SealedStream.opening(connection.getInputStream(), ticket.key(second, nonce));
            }
            throw new IOException(reason(connection));
        } catch (IOException e) {
            connection.disconnect();
            throw new IOException("its coordinator at " + coordinator + " hands nothing out: " + e.getMessage(), e);
        }
    }

    private static String reason(HttpURLConnection connection) throws IOException {
        try (InputStream body = connection.getErrorStream()) {
            return body == null
                    ? "it answers with " + connection.getResponseCode()
                    : JSON.readTree(body.readNBytes(LARGEST_REASON))
                            .path("reason")
                            .asText();
        }
    }
}
