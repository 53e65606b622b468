/**
 * The steps a decision consists of, one effect each, and what is remembered of them.
 *
 * <p>It performs none; that is the executor's.
 */
@NullMarked
package io.regent.failover.action;

import org.jspecify.annotations.NullMarked;
