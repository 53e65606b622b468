/**
 * The Debezium edge: raw binlog events of a source, CRC checked, in order.
 *
 * <p>Nothing outside it imports Debezium or Kafka Connect, and it decodes no event.
 */
@NullMarked
package io.regent.replicator.capture;

import org.jspecify.annotations.NullMarked;
