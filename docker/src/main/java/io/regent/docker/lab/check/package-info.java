/**
 * What must be true at the end, each found by reading the regions themselves.
 *
 * <p>It changes nothing in a region.
 */
@NullMarked
package io.regent.docker.lab.check;

import org.jspecify.annotations.NullMarked;
