package io.regent.coordinator.http;

import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.regent.coordinator.wait.WaitAnswer;
import io.regent.coordinator.wait.WaitQuestion;
import io.regent.coordinator.wait.Waiters;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/**
 * {@code GET /wait?gtid=SET&regions=N&timeout=SECONDS}. The body is a {@link WaitAnswer}: 200 if all are durable in so many
 * other regions, 504 if not within the time, 409 if they never will be (void or stranded), 503 if too many wait, 400 with
 * the reason for what cannot be asked. A request that waits holds a connection and no thread.
 *
 * <p>A client that hangs up keeps its place until the time is over. So that is shorter here than elsewhere, and one
 * client's address has half of all places at most.
 */
final class WaitPath implements Handler, AutoCloseable {
    /** The longest wait over HTTP; who wants to wait longer asks again. */
    static final Duration LONGEST = Duration.ofMinutes(1);

    private static final int SENDERS = 4;

    /** So many requests of one address may wait at a time. */
    static final int MOST_OF_ONE = Waiters.MOST / 2;

    private final Function<WaitQuestion, CompletableFuture<WaitAnswer>> waits;
    private final ClientPlaces places = new ClientPlaces(MOST_OF_ONE);

    /** Whoever completes an answer is to be free at once, for the others; and one client that reads slowly delays no other. */
    private final ExecutorService senders = Executors.newFixedThreadPool(SENDERS, task -> {
        Thread thread = new Thread(task, "http-wait");
        thread.setDaemon(true);
        return thread;
    });

    WaitPath(Function<WaitQuestion, CompletableFuture<WaitAnswer>> waits) {
        this.waits = waits;
    }

    @Override
    public void handle(Context context) {
        CompletableFuture<WaitAnswer> answer;
        try {
            answer = ask(
                    context.ip(),
                    WaitQuestion.parse(
                            context.queryParam("gtid"),
                            context.queryParam("regions"),
                            context.queryParam("timeout"),
                            LONGEST));
        } catch (IllegalArgumentException e) {
            Answer wrong = Answer.wrong(String.valueOf(e.getMessage()));
            StatusServer.send(context, wrong.code(), wrong.body());
            return;
        }
        context.future(() -> answer.thenAcceptAsync(known -> StatusServer.send(context, known.code(), known), senders));
    }

    private CompletableFuture<WaitAnswer> ask(String client, WaitQuestion question) {
        if (!places.take(client)) {
            return CompletableFuture.completedFuture(WaitAnswer.refused(
                    question.gtids(),
                    MOST_OF_ONE + " requests from " + client + " wait already; ask another coordinator"));
        }
        boolean asked = false;
        try {
            CompletableFuture<WaitAnswer> answer =
                    waits.apply(question).whenComplete((known, error) -> places.giveBack(client));
            asked = true;
            return answer;
        } finally {
            if (!asked) {
                places.giveBack(client);
            }
        }
    }

    @Override
    public void close() {
        senders.shutdown();
    }
}
