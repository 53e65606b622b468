/**
 * AUTO_INCREMENT counters of a server's tables: what they have given out, and how to raise them on this server alone.
 *
 * <p>It decides nothing about who may write, and lowers none.
 */
@NullMarked
package io.regent.sql.counter;

import org.jspecify.annotations.NullMarked;
