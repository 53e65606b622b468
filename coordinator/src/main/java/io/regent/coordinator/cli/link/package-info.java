/**
 * What an operator does about a link that stopped at a transaction.
 *
 * <p>It touches no MySQL: coordinators take up what is written down in ZooKeeper.
 */
@NullMarked
package io.regent.coordinator.cli.link;

import org.jspecify.annotations.NullMarked;
