package io.regent.replicator.stranded.release;

import io.regent.replicator.capture.CaptureSettings;
import io.regent.sql.session.Sessions;

/**
 * How the master is reached.
 *
 * @param capture to read its binlog
 * @param apply sessions that write
 * @param observe sessions that see how far its binlog goes
 */
public record Master(CaptureSettings capture, Sessions apply, Sessions observe) {}
