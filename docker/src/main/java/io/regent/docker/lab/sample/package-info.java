/**
 * Watches the regions while something happens to them: reads consistent snapshots of each, again and again.
 *
 * <p>It changes nothing in a region.
 */
@NullMarked
package io.regent.docker.lab.sample;

import org.jspecify.annotations.NullMarked;
