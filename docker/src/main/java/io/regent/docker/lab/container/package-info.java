/**
 * A cluster as containers: for each region a network of its own that a drill can cut, and in it MySQL, a coordinator and
 * one server of the ZooKeeper ensemble, from the images that production may use.
 *
 * <p>Every container and network carries this JVM's label and is removed with it, however it ends. It knows nothing of
 * workloads.
 */
@NullMarked
package io.regent.docker.lab.container;

import org.jspecify.annotations.NullMarked;
