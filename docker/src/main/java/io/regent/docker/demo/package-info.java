/**
 * The command {@code dbctl demo}: a cluster on this machine, its master moved and lost under load, and the proof.
 *
 * <p>What the steps do, and what they use, is in the lab.
 */
@NullMarked
package io.regent.docker.demo;

import org.jspecify.annotations.NullMarked;
