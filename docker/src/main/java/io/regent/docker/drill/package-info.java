/**
 * Drills: one named failure each, played against a whole cluster under load, with a verdict and the times that clients felt.
 *
 * <p>What is done is in the steps; what they do it to is a fleet of processes or of containers.
 */
@NullMarked
package io.regent.docker.drill;

import org.jspecify.annotations.NullMarked;
