package io.regent.sql.session;

import java.util.Locale;

/**
 * Where a MySQL server listens.
 *
 * @param host name or address; an IPv6 address without brackets
 * @param port TCP port, 1 to 65535
 */
public record ServerAddress(String host, int port) {
    /** MySQL's port when none is named. */
    public static final int DEFAULT_PORT = 3306;

    /** Rejects an empty host, a host that would break out of a URL, and a port outside 1 to 65535. */
    public ServerAddress {
        if (host.isBlank() || !host.matches("[A-Za-z0-9._:%-]+")) {
            throw new IllegalArgumentException("not a host name or address: '" + host + "'");
        }
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("not a TCP port: " + port);
        }
    }

    /**
     * Reads {@code host}, {@code host:port}, {@code [ipv6]} or {@code [ipv6]:port}; the port is 3306 when absent.
     *
     * @throws IllegalArgumentException if the text is none of these
     */
    public static ServerAddress parse(String text) {
        String trimmed = text.trim();
        if (trimmed.startsWith("[")) {
            int end = trimmed.indexOf(']');
            if (end < 0) {
                throw new IllegalArgumentException("no ']' in address '" + text + "'");
            }
            return new ServerAddress(trimmed.substring(1, end), portAfter(trimmed.substring(end + 1), text));
        }
        int colon = trimmed.indexOf(':');
        if (colon < 0) {
            return new ServerAddress(trimmed, DEFAULT_PORT);
        }
        if (trimmed.indexOf(':', colon + 1) >= 0) {
            throw new IllegalArgumentException("an IPv6 address goes in brackets: '" + text + "'");
        }
        return new ServerAddress(trimmed.substring(0, colon), portAfter(trimmed.substring(colon), text));
    }

    private static int portAfter(String rest, String whole) {
        if (rest.isEmpty()) {
            return DEFAULT_PORT;
        }
        if (!rest.matches(":[0-9]{1,5}")) {
            throw new IllegalArgumentException("no port after ':' in address '" + whole + "'");
        }
        return Integer.parseInt(rest.substring(1));
    }

    /** {@code host:port}, an IPv6 host in brackets; {@link #parse} reads it back. */
    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host.toLowerCase(Locale.ROOT)) + ":" + port;
    }
}
