/**
 * The rules: what a region's coordinator does next, and what an observer of the cluster does next.
 *
 * <p>It performs nothing and remembers nothing.
 */
@NullMarked
package io.regent.failover.decide;

import org.jspecify.annotations.NullMarked;
