/**
 * Applications whose rows tell what was done to them: from each region's rows alone, or together with what the clients
 * were told, follows whether something was lost, doubled, torn, or shown in the wrong order.
 *
 * <p>It knows no more of Regent than an application does.
 */
@NullMarked
package io.regent.docker.lab.load.workload;

import org.jspecify.annotations.NullMarked;
