/**
 * GTIDs and sets of them, as immutable values.
 *
 * <p>It is pure: no JDBC, no clock, no thread.
 */
@NullMarked
package io.regent.sql.gtid;

import org.jspecify.annotations.NullMarked;
