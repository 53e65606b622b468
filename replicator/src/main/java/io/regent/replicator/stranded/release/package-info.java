/**
 * Stranded transactions written anew on the master, or given up: what {@code regent.stranded} holds, judged against the
 * master's own binlog, and released under locks.
 *
 * <p>It neither decides that something is released nor which server is the master.
 *
 * <p>Why nothing can slip in between the judgement and the release. The release first takes its locks: it writes its
 * rows, which locks every row that it touches and takes every unique value that it brings, and locks each parent against
 * change. From then on no other session can commit a change of those rows, of those unique values or of those parents,
 * nor a new child of a row that the release removes, for that needs the parent's lock. What others committed before that
 * is in the binlog by then (a transaction is in the binlog before it gives up its locks; it may come into
 * {@code gtid_executed} after that, so the end of the binlog is asked for, not the set). So: locks, then the binlog's end,
 * then everything up to there is judged like all before it, then COMMIT. What is committed behind that end can't collide.
 */
@NullMarked
package io.regent.replicator.stranded.release;

import org.jspecify.annotations.NullMarked;
