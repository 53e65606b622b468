package io.regent.sql.init;

/** The server has problems that {@code init} cannot mend, or did not become what was ordered; the plan names them. */
public final class InitRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient InitPlan plan;

    InitRefusedException(String reason, InitPlan plan) {
        super(reason + "\n" + plan.text());
        this.plan = plan;
    }

    /** What was found. */
    public InitPlan plan() {
        return plan;
    }
}
