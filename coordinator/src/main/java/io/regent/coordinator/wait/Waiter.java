package io.regent.coordinator.wait;

import io.regent.coordinator.wait.WaitAnswer.Outcome;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One question that is not answered yet. */
final class Waiter {
    private final WaitQuestion question;
    private final long began = System.nanoTime();
    private final CompletableFuture<WaitAnswer> answer = new CompletableFuture<>();
    private final Consumer<Waiter> left;
    private @Nullable Future<?> timer;
    private boolean done;

    /**
     * Begins to count the time.
     *
     * @param left is told once, when it waits no longer
     */
    Waiter(WaitQuestion question, Consumer<Waiter> left) {
        this.question = question;
        this.left = left;
    }

    WaitQuestion question() {
        return question;
    }

    CompletableFuture<WaitAnswer> answer() {
        return answer;
    }

    /** To be ended with the answer. */
    synchronized void timed(Future<?> until) {
        timer = until;
        if (done) {
            cancelTimer();
        }
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    /**
     * Whether the look is certain to show the epoch in which the transactions were committed, or a later one: they were
     * before they were asked for.
     */
    boolean isProvenBy(Sight sight) {
        return sight.shows(began);
    }

    void complete(Outcome outcome, Judgement judgement) {
        end(new WaitAnswer(
                outcome,
                question.gtids().toString(),
                judgement.has(),
                judgement.missing(),
                judgement.reason(outcome, question.regions()),
                Duration.ofNanos(System.nanoTime() - began).toMillis()));
    }

    void refuse(String reason) {
        end(WaitAnswer.refused(question.gtids(), reason));
    }

    private void end(WaitAnswer said) {
        synchronized (this) {
            if (done) {
                return;
            }
            done = true;
            cancelTimer();
        }
        left.accept(this);
        answer.complete(said);
    }
}
