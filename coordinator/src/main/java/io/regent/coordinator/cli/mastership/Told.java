package io.regent.coordinator.cli.mastership;

import io.regent.coordinator.http.CoordinatorStatus;
import org.jspecify.annotations.Nullable;

/**
 * What a region's coordinator told over HTTP.
 *
 * @param address where it was asked; empty if the file names none
 * @param status its status; null if it did not tell
 * @param error why not; empty if it did, or was not asked
 */
public record Told(String address, @Nullable CoordinatorStatus status, String error) {
    /** The file does not say where it listens. */
    static final Told NOT_ASKED = new Told("", null, "");
}
