package io.regent.docker.lab.load;

import com.sun.net.httpserver.HttpServer;
import io.regent.sql.session.ServerAddress;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Coordinators that say of the master what the test tells them to, one for each region; the last is silent. */
public final class FakeCoordinators implements AutoCloseable {
    private final List<HttpServer> servers = new ArrayList<>();
    private final List<ServerAddress> addresses = new ArrayList<>();
    private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();
    private volatile Optional<Master> master = Optional.empty();
    private volatile String expected = "";

    /** Starts them. */
    public FakeCoordinators(List<String> regions) throws IOException {
        for (String region : regions) {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/primary", exchange -> {
                asked.computeIfAbsent(region, name -> new AtomicInteger()).incrementAndGet();
                Optional<Master> own = master.filter(one -> one.region().equals(region));
                byte[] body = own.map(FakeCoordinators::json)
                        .orElse("{\"master\":\"" + expected + "\"}")
                        .getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(own.isPresent() ? 200 : 503, body.length);
                try (OutputStream out = exchange.getResponseBody()) {
                    out.write(body);
                }
            });
            server.start();
            servers.add(server);
            addresses.add(new ServerAddress("127.0.0.1", server.getAddress().getPort()));
        }
        addresses.add(new ServerAddress("127.0.0.1", 1));
    }

    /** From now on this is the master. */
    public void name(Master one) {
        master = Optional.of(one);
    }

    /** From now on there is none. */
    public void nameNobody() {
        master = Optional.empty();
    }

    /** There is none from now on, and all say that this one is to be. */
    public void expect(String region) {
        expected = region;
        nameNobody();
    }

    /** Where they listen; one of them does not. */
    public List<ServerAddress> addresses() {
        return List.copyOf(addresses);
    }

    /** How often they were asked. */
    public int asked() {
        return asked.values().stream().mapToInt(AtomicInteger::get).sum();
    }

    /** How often that one was asked. */
    public int asked(String region) {
        return asked.getOrDefault(region, new AtomicInteger()).get();
    }

    private static String json(Master one) {
        return "{\"region\":\"%s\",\"mysql\":\"%s\",\"epoch\":%d}".formatted(one.region(), one.mysql(), one.epoch());
    }

    @Override
    public void close() {
        servers.forEach(server -> server.stop(0));
    }
}
