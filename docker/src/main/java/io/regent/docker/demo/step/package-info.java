/**
 * The steps of the demo, one class each.
 *
 * <p>A step tells the user what happens and records what it found; it decides nothing about the cluster.
 */
@NullMarked
package io.regent.docker.demo.step;

import org.jspecify.annotations.NullMarked;
