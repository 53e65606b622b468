package io.regent.docker.lab.step;

import io.regent.docker.lab.fault.Fault;
import io.regent.docker.lab.fault.Injector;
import io.regent.docker.lab.fault.Witness;
import io.regent.docker.lab.step.Findings.Sight;

/**
 * What is done to the cluster of a stage is among its findings.
 *
 * @param findings of the stage
 */
record WrittenDown(Findings findings) implements Witness {
    /** One that does faults to a stage's cluster. */
    static Injector injector(Stage stage) {
        return new Injector(stage.fleet(), new WrittenDown(stage.findings()));
    }

    @Override
    public void began(Fault fault, String target) {
        findings.injected(fault.title(), target, fault.isBlinding() ? Sight.NONE : Sight.CLEAR);
    }

    @Override
    public void ended(Fault fault, String target) {
        findings.lifted(target);
    }

    @Override
    public void stoodStill(String region, long fromNanos, long untilNanos) {
        findings.suspended(region, fromNanos, untilNanos);
    }
}
