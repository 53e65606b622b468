/**
 * The rows of one table, as statements ask for them and as servers answer.
 *
 * <p>It judges nothing: what differs, and for how long, is the comparison's.
 */
@NullMarked
package io.regent.replicator.verify.table;

import org.jspecify.annotations.NullMarked;
