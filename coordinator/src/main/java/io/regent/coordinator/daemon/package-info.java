/**
 * The daemon: one loop that looks, has {@code failover} decide, performs, and looks again, as its {@code Cycle} says.
 *
 * <pre>
 *   ZooKeeper (/master first) ┐
 *                             ├→ RegionView + Memory → RegionRules, ObserverRules → actions → Executor
 *   own MySQL (set last)      ┘         ↑                                                        │
 *                                       └──────────────── what is remembered of each outcome ────┘
 * </pre>
 *
 * One thread owns everything in that picture. Other threads only wake it ({@code Signal}) or read its last
 * {@code Snapshot}.
 */
@NullMarked
package io.regent.coordinator.daemon;

import org.jspecify.annotations.NullMarked;
