/**
 * What every command that runs a cluster of its own shares: the user's choices, the terminal, the directory.
 *
 * <p>It knows nothing of clusters and steps.
 */
@NullMarked
package io.regent.docker.lab.play;

import org.jspecify.annotations.NullMarked;
