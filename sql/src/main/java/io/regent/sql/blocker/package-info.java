/**
 * Sessions of clients that would hold the closing of a server up, by name.
 *
 * <p>It looks, and kills what it is told to; whether that may be is its caller's to know.
 */
@NullMarked
package io.regent.sql.blocker;

import org.jspecify.annotations.NullMarked;
