package io.regent.sql.channel;

import io.regent.sql.session.Quoting;

/**
 * How a replica secures its connection to its source.
 *
 * @param required whether it insists on TLS; else it asks the source for the key by which a password is sent
 * @param authorities file on the replica with the certificates of who signed the source's; empty to believe any
 */
public record SourceTls(boolean required, String authorities) {
    /** Without TLS. */
    public static final SourceTls OFF = new SourceTls(false, "");

    /** As CHANGE REPLICATION SOURCE takes it. */
    String options() {
        if (!required) {
            return "SOURCE_SSL = 0, GET_SOURCE_PUBLIC_KEY = 1";
        }
        return "SOURCE_SSL = 1"
                + (authorities.isEmpty()
                        ? ""
                        : ", SOURCE_SSL_CA = " + Quoting.escaped(authorities) + ", SOURCE_SSL_VERIFY_SERVER_CERT = 1");
    }
}
