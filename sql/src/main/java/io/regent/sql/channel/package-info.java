/**
 * MySQL's own replication at one server: what it is, and its threads. It decides nothing, and knows no other server but by
 * what this one says of its source.
 */
@NullMarked
package io.regent.sql.channel;

import org.jspecify.annotations.NullMarked;
