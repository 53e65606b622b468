/**
 * What must be true, whatever fails: named invariants, and the checkers that hold them against the history of the clients
 * and the rows of the regions.
 *
 * <p>It changes nothing in a region.
 */
@NullMarked
package io.regent.docker.lab.check;

import org.jspecify.annotations.NullMarked;
