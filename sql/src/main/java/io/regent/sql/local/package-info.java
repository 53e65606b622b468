/**
 * The embedded mysqld of demo, bench and tests.
 *
 * <p>The daemon never uses it.
 */
@NullMarked
package io.regent.sql.local;

import org.jspecify.annotations.NullMarked;
