package io.regent.coordinator.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import io.javalin.util.JavalinBindException;
import io.regent.coordinator.wait.WaitAnswer;
import io.regent.coordinator.wait.WaitQuestion;
import io.regent.replicator.salvage.BinlogFiles;
import io.regent.sql.schema.Mastership;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers for one coordinator over HTTP. GET, HEAD and OPTIONS are alike, because load balancers use each of them; bodies
 * are JSON. Every answer but that of {@code /wait} is made of a status taken at that moment.
 *
 * <table>
 * <caption>Paths; each answers 200 for yes and 503 for no</caption>
 * <tr><td>{@code /primary}, {@code /master}, {@code /read-write}</td><td>the MySQL is OPEN under a lease that lasts now;
 *     the body has region, mysql and epoch, or else reason and, if known, master</td></tr>
 * <tr><td>{@code /replica}, {@code /replica?lag=SECONDS}</td><td>it is STANDBY, not diverged, its link from the master is up
 *     or relayed, and at most so far behind; 503 if the lag is not known</td></tr>
 * <tr><td>{@code /read-only}, {@code ?lag=SECONDS}</td><td>{@code /primary} or {@code /replica}</td></tr>
 * <tr><td>{@code /health}</td><td>the MySQL answers</td></tr>
 * <tr><td>{@code /liveness}</td><td>the loop turns; if not, restart the process</td></tr>
 * <tr><td>{@code /readiness}</td><td>the loop turns, ZooKeeper and MySQL answer, and MySQL lives in the cluster's
 *     epoch</td></tr>
 * <tr><td>{@code /wait?gtid=SET&regions=N&timeout=SECONDS}</td><td>the transactions are durable in so many other regions,
 *     see {@link WaitPath}</td></tr>
 * <tr><td>{@code /status}</td><td>always 200: everything, see {@link CoordinatorStatus}</td></tr>
 * <tr><td>{@code /decisions}</td><td>always 200: the last decisions and what they were made of, see
 *     {@link DecisionRecord}</td></tr>
 * <tr><td>{@code /history}</td><td>always 200: every change of mastership that its own MySQL knows, see
 *     {@link MastershipRecord}</td></tr>
 * <tr><td>{@code POST /salvage}</td><td>between coordinators: events of a dead MySQL's binlog files; see
 *     {@link SalvagePath}</td></tr>
 * <tr><td>{@code /metrics}</td><td>always 200: the same as numbers, for Prometheus</td></tr>
 * </table>
 */
public final class StatusServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StatusServer.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<HandlerType> METHODS = List.of(HandlerType.GET, HandlerType.HEAD, HandlerType.OPTIONS);
    private static final int THREADS = 8;
    private static final int OK = 200;
    private static final int NO = 503;

    /** A client that says nothing for so long is let go. */
    private static final Duration IDLE = Duration.ofSeconds(10);

    private final Supplier<CoordinatorStatus> status;
    private final WaitPath waits;
    private final Duration bound;
    private final Javalin server;

    private StatusServer(Supplier<CoordinatorStatus> status, WaitPath waits, Duration bound, String host, int port) {
        this.status = status;
        this.waits = waits;
        this.bound = bound;
        this.server = Javalin.create(config -> configure(config, host, port));
        for (Question question : Question.values()) {
            question.paths().forEach(path -> serve(path, context -> ask(context, question)));
        }
        serve("/status", context -> context.status(OK).result(status.get().json()));
        Metrics metrics = new Metrics();
        serve(
                "/metrics",
                context -> context.status(OK).contentType(Metrics.CONTENT_TYPE).result(metrics.of(status.get())));
        serve("/wait", waits);
        server.exception(RuntimeException.class, (error, context) -> {
            LOG.warn("no status for {}", context.path(), error);
            send(context, Answer.unknown("the coordinator cannot tell: " + error));
        });
    }

    /**
     * Listens; returns once it answers.
     *
     * @param host name or address to listen on
     * @param port TCP port; 0 for a free one
     * @param bound from which age on the last look says that the loop stands
     * @param status what the coordinator is at the moment of each call; called on several threads, must not block
     * @param waits what to do with a question of {@code /wait}; must not block, and refuses what cannot be asked with
     *     {@link IllegalArgumentException}
     * @throws IOException if it cannot listen there; the message names the address
     */
    public static StatusServer start(
            String host,
            int port,
            Duration bound,
            Supplier<CoordinatorStatus> status,
            Function<WaitQuestion, CompletableFuture<WaitAnswer>> waits)
            throws IOException {
        StatusServer server = new StatusServer(status, new WaitPath(waits), bound, host, port);
        try {
            server.server.start();
            return server;
        } catch (JavalinBindException e) {
            server.close();
            throw new IOException(
                    "cannot listen on " + host + ":" + port + ": another process has this port, or the address is"
                            + " not this machine's",
                    e);
        }
    }

    private static void configure(JavalinConfig config, String host, int port) {
        config.showJavalinBanner = false;
        config.startupWatcherEnabled = false;
        config.http.prefer405over404 = true;
        QueuedThreadPool threads = new QueuedThreadPool(THREADS, 1);
        threads.setName("http");
        threads.setDaemon(true);
        config.jetty.threadPool = threads;
        config.jetty.modifyServer(jetty -> jetty.setStopTimeout(0));
        config.jetty.addConnector((jetty, http) -> connector(jetty, http, host, port));
    }

    private static ServerConnector connector(Server jetty, HttpConfiguration http, String host, int port) {
        http.setSendServerVersion(false);
        ServerConnector connector = new ServerConnector(jetty, 1, 1, new HttpConnectionFactory(http));
        connector.setHost(host);
        connector.setPort(port);
        connector.setIdleTimeout(IDLE.toMillis());
        return connector;
    }

    private void serve(String path, Handler handler) {
        METHODS.forEach(method -> server.addHttpHandler(method, path, context -> {
            context.contentType("application/json").header("Cache-Control", "no-store");
            handler.handle(context);
        }));
    }

    private void ask(Context context, Question question) {
        String text = context.queryParam("lag");
        Duration lag = text == null ? null : seconds(text);
        if (text != null && lag == null) {
            send(context, Answer.wrong("lag must be a number of seconds, not '" + text + "'"));
            return;
        }
        send(context, question.answer(status.get(), lag, bound));
    }

    private static @Nullable Duration seconds(String text) {
        return text.matches("[0-9]{1,9}(\\.[0-9]{1,3})?")
                ? Duration.ofMillis(new BigDecimal(text).movePointRight(3).longValue())
                : null;
    }

    static void send(Context context, Answer answer) {
        send(context, answer.code(), answer.body());
    }

    /** Any value as JSON. */
    static void send(Context context, int code, Object body) {
        try {
            context.status(code).result(JSON.writeValueAsBytes(body));
        } catch (JsonProcessingException e) {
            context.status(NO);
        }
    }

    /** From now on, tells the coordinator's last decisions, the oldest first. */
    public void serveDecisions(Supplier<List<DecisionRecord>> decisions) {
        serve("/decisions", context -> context.status(OK).result(DecisionRecord.json(decisions.get())));
    }

    /** From now on, tells the masterships, the first one first. */
    public void serveHistory(Supplier<List<Mastership>> masterships) {
        serve(
                "/history",
                context -> send(
                        context,
                        OK,
                        masterships.get().stream().map(MastershipRecord::of).toList()));
    }

    /** From now on, hands out what the region's MySQL left behind while it is dead, to who shows a ticket. */
    public void serveSalvage(Ticket ticket, Supplier<Optional<BinlogFiles>> files) {
        server.addHttpHandler(HandlerType.POST, "/salvage", new SalvagePath(ticket, files));
    }

    /** The port it listens on. */
    public int port() {
        return server.port();
    }

    /** Stops at once, also for clients that keep their connections. */
    @Override
    public void close() {
        server.stop();
        waits.close();
    }
}
