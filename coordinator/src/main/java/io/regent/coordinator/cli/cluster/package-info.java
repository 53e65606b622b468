/**
 * Commands that work on the servers of the regions themselves, with or without a daemon: {@code init}, {@code verify}.
 *
 * <p>Nothing here takes part in the decision who is master.
 */
@NullMarked
package io.regent.coordinator.cli.cluster;

import org.jspecify.annotations.NullMarked;
