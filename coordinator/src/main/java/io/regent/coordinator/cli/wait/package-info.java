/**
 * {@code dbctl wait}: asks what {@code GET /wait} asks, from a terminal or a script.
 *
 * <p>It changes nothing, and decides nothing that {@code coordinator.wait} does not.
 */
@NullMarked
package io.regent.coordinator.cli.wait;

import org.jspecify.annotations.NullMarked;
