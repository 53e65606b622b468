package io.regent.coordinator.http;

import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.regent.coordinator.wait.WaitAnswer;
import io.regent.coordinator.wait.WaitQuestion;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/**
 * {@code GET /wait?gtid=SET&regions=N&timeout=SECONDS}. The body is a {@link WaitAnswer}: 200 if all are durable in so many
 * other regions, 504 if not within the time, 409 if they never will be (void or stranded), 503 if too many wait, 400 with
 * the reason for what cannot be asked. A request that waits holds a connection and no thread.
 */
final class WaitPath implements Handler, AutoCloseable {
    private final Function<WaitQuestion, CompletableFuture<WaitAnswer>> waits;

    /** Whoever completes an answer is to be free at once, for the others. */
    private final ExecutorService sender = Executors.newSingleThreadExecutor(task -> {
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
            answer = waits.apply(WaitQuestion.parse(
                    context.queryParam("gtid"), context.queryParam("regions"), context.queryParam("timeout")));
        } catch (IllegalArgumentException e) {
            Answer wrong = Answer.wrong(String.valueOf(e.getMessage()));
            StatusServer.send(context, wrong.code(), wrong.body());
            return;
        }
        context.future(() -> answer.thenAcceptAsync(known -> StatusServer.send(context, known.code(), known), sender));
    }

    @Override
    public void close() {
        sender.shutdown();
    }
}
