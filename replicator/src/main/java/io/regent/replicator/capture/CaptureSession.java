package io.regent.replicator.capture;

import io.regent.sql.gtid.GtidSet;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * What one capture and its task share. Kafka Connect hands a task nothing but strings, so the task finds its session by
 * the key in them.
 */
record CaptureSession(String key, CaptureSettings settings, GtidSet executed, EventBuffer buffer) {
    static final String KEY = "regent.capture.session";

    private static final Map<String, CaptureSession> OPEN = new ConcurrentHashMap<>();

    static CaptureSession open(CaptureSettings settings, GtidSet executed) {
        String key = settings.name() + "/" + UUID.randomUUID();
        CaptureSession session = new CaptureSession(key, settings, executed, new EventBuffer(settings.bufferBytes()));
        OPEN.put(key, session);
        return session;
    }

    static CaptureSession find(Map<String, String> properties) {
        String key = properties.get(KEY);
        CaptureSession session = key == null ? null : OPEN.get(key);
        if (session == null) {
            throw new ConnectException("no capture session " + key);
        }
        return session;
    }

    /** Whether neither event nor heartbeat has come for so long that the source must be taken for gone. */
    boolean isSilent() {
        return buffer.silenceNanos() > patience().toNanos();
    }

    /** Whether nothing more comes, though what came before may not be handed on yet. */
    boolean isCutOff() {
        return buffer.isCutOff(patience());
    }

    private Duration patience() {
        return settings.heartbeat().multipliedBy(3).plus(settings.connectTimeout());
    }

    void forget() {
        OPEN.remove(key);
    }
}
