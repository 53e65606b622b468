/**
 * One MySQL server, seen from outside: its transactions, sessions, accounts and write states.
 *
 * <p>It knows no other region and decides nothing.
 */
@NullMarked
package io.regent.sql;

import org.jspecify.annotations.NullMarked;
