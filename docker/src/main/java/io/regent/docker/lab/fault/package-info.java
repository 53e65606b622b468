/**
 * Which faults are to come when: plain data, told from a seed.
 *
 * <p>It injects nothing; that is a fleet's.
 */
@NullMarked
package io.regent.docker.lab.fault;

import org.jspecify.annotations.NullMarked;
