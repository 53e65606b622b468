package io.regent.coordinator.daemon;

import io.regent.failover.timing.Moment;
import io.regent.failover.view.RegionView;

/**
 * What the loop saw and made of it in its last turn.
 *
 * @param view what was seen and remembered
 * @param at when
 * @param reason why it does what it does, or does nothing
 * @param trouble what the last action that was not done failed of; empty if all were
 * @param zookeeper why ZooKeeper's state is not known; empty if it is
 * @param mysql why the own MySQL is not seen; empty if it is
 * @param settings what of its settings is not as {@code init} left it; empty if all is
 */
record Snapshot(
        RegionView view, Moment at, String reason, String trouble, String zookeeper, String mysql, String settings) {}
