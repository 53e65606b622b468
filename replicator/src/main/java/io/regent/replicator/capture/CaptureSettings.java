package io.regent.replicator.capture;

import io.regent.sql.session.Sessions;
import java.time.Duration;

/**
 * What a capture needs to know.
 *
 * @param name for thread names and logs, e.g. {@code aws1<-phx1}
 * @param source how to reach the server whose binlog is read, as an account with REPLICATION SLAVE there
 * @param serverId the id under which the source sees us; unique among all that read its binlog
 * @param heartbeat how often an idle source says that it lives; three missed ones end the connection
 * @param connectTimeout bound for connecting and asking
 * @param bufferBytes how much may wait in memory before reading stops
 */
public record CaptureSettings(
        String name, Sessions source, long serverId, Duration heartbeat, Duration connectTimeout, long bufferBytes) {}
