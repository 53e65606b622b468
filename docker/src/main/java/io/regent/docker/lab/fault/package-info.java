/**
 * What can be done to a cluster: which faults come when, told from a seed, and the hand that does them to a fleet and takes
 * them back.
 *
 * <p>It judges nothing, and knows nothing of load.
 */
@NullMarked
package io.regent.docker.lab.fault;

import org.jspecify.annotations.NullMarked;
