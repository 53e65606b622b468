/**
 * Performs the actions of a decision, each once, and says what came of it.
 *
 * <p>It judges nothing and retries nothing: an outcome that is not DONE ends the list, and the loop looks again. How
 * actions reach the world: {@code Executor} hands those of the own MySQL to the {@code Fence} of {@code probe}, those of
 * ZooKeeper to {@code ZooKeeperStore}, those of links to {@link io.regent.coordinator.execute.LinkSet}.
 */
@NullMarked
package io.regent.coordinator.execute;

import org.jspecify.annotations.NullMarked;
