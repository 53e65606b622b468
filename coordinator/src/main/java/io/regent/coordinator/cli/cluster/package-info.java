/**
 * Commands that work on the servers of the regions themselves: {@code init}, {@code link} and {@code verify}, with or
 * without a daemon, and {@code coordinator}, which is the daemon.
 *
 * <p>Only founding a cluster says who is master, of epoch 1; nothing else here takes part in that decision.
 */
@NullMarked
package io.regent.coordinator.cli.cluster;

import org.jspecify.annotations.NullMarked;
