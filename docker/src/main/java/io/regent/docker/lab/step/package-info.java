/**
 * What is done to a cluster and looked at under load, one step a class: demo, benches, drills and users' own tests are made
 * of them.
 *
 * <p>A step tells the user what happens and records what it found; it decides nothing about the cluster.
 */
@NullMarked
package io.regent.docker.lab.step;

import org.jspecify.annotations.NullMarked;
