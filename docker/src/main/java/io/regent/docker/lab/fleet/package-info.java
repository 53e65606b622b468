/**
 * The processes of a cluster on this machine: servers, ZooKeeper, coordinators, and the network between them.
 *
 * <p>Whatever it starts ends with this JVM, however that ends. It knows nothing of workloads.
 */
@NullMarked
package io.regent.docker.lab.fleet;

import org.jspecify.annotations.NullMarked;
