package io.regent.coordinator.http;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * What shows that a request for binlog events comes from a coordinator of the cluster: a code over the request, made with
 * the password of the account that may read the binlog from the server while it lives. The password itself does not travel.
 * The answer is sealed under a key made of the same password and of what the asker chose, so that only who has the password
 * can read it, or could have sent it; asking again with what was overheard gives nothing that can be read.
 *
 * @param password of the capture account
 * @param cluster the cluster's name
 * @param region whose binlog is asked for
 */
public record Ticket(String password, String cluster, String region) {
    /** Where the second of the request stands. */
    public static final String TIME = "X-Regent-Time";
    /** Where stands what the asker chose for this request. */
    public static final String NONCE = "X-Regent-Nonce";
    /** Where the code stands. */
    public static final String CODE = "X-Regent-Code";

    private static final String ALGORITHM = "HmacSHA256";
    /** By how much the clocks of two hosts may differ. */
    private static final Duration DIFFERENCE = Duration.ofMinutes(5);

    /** The code for a request with this body that is sent in this second since 1970. */
    public String code(long second, String nonce, String body) {
        return HexFormat.of().formatHex(mac("salvage", Long.toString(second), nonce, body));
    }

    /** The key under which the answer to that request is sealed. */
    public SecretKey key(long second, String nonce) {
        return new SecretKeySpec(mac("answer", Long.toString(second), nonce), "AES");
    }

    private byte[] mac(String... parts) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(password.getBytes(StandardCharsets.UTF_8), ALGORITHM));
            String text = String.join("\n", cluster, region, String.join("\n", parts));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }

    /** Why a request is refused; empty if it is not. */
    String objection(long now, String second, String nonce, String code, String body) {
        long sent;
        try {
            sent = Long.parseLong(second);
        } catch (NumberFormatException e) {
            return TIME + " must be a number of seconds since 1970";
        }
        if (Math.abs(now - sent) > DIFFERENCE.toSeconds()) {
            return "the clocks differ by " + Math.abs(now - sent) + " s";
        }
        byte[] wanted = code(sent, nonce, body).getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(wanted, code.getBytes(StandardCharsets.UTF_8))
                ? ""
                : "the code in " + CODE + " is not made with this cluster's capture password";
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "Ticket[" + cluster + "/" + region + "]";
    }
}
