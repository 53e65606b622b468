/**
 * Rules that are told from a history: each a pure function of what clients were told, what became of it, and, if need
 * be, the rows of one region.
 *
 * <p>It reads no clock and waits for nothing.
 */
@NullMarked
package io.regent.docker.lab.check.rule;

import org.jspecify.annotations.NullMarked;
