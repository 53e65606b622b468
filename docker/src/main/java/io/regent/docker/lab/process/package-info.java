/**
 * A cluster as processes of this machine: servers, one ZooKeeper, coordinators, and a proxy before each server.
 *
 * <p>Whatever it starts ends with this JVM, however that ends. It knows nothing of workloads.
 */
@NullMarked
package io.regent.docker.lab.process;

import org.jspecify.annotations.NullMarked;
