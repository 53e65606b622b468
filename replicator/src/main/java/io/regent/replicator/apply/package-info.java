/**
 * Transactions committed at the target, whole, once, under their original GTID.
 *
 * <p>It decides no order.
 */
@NullMarked
package io.regent.replicator.apply;

import org.jspecify.annotations.NullMarked;
