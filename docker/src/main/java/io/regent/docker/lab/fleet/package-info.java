/**
 * A cluster on this machine, as workloads, faults and checks see it, however it runs: its members, the network between
 * them, its files, and the product's command line.
 *
 * <p>It knows nothing of workloads.
 */
@NullMarked
package io.regent.docker.lab.fleet;

import org.jspecify.annotations.NullMarked;
