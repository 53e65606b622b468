package io.regent.coordinator.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Random;
import javax.crypto.SecretKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealedStreamTest {
    private static final Ticket TICKET = new Ticket("secret", "identity", "phx1");
    private static final SecretKey KEY = TICKET.key(1, "chosen");

    private static byte[] sealed(byte[] plain) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream sealing = SealedStream.sealing(out, KEY)) {
            sealing.write(plain);
        }
        return out.toByteArray();
    }

    private static byte[] opened(byte[] sealed, SecretKey key) throws IOException {
        return SealedStream.opening(new ByteArrayInputStream(sealed), key).readAllBytes();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65_535, 65_536, 65_537, 200_000})
    void whatIsSealedIsOpenedAsItWas(int length) throws IOException {
        byte[] plain = new byte[length];
        new Random(7).nextBytes(plain);
        assertThat(opened(sealed(plain), KEY)).isEqualTo(plain);
    }

    @Test
    void whatWasCutShortAnywhereIsNoticed() throws IOException {
        byte[] sealed = sealed(new byte[100_000]);
        for (int length = sealed.length - 1; length >= 0; length -= 997) {
            byte[] part = Arrays.copyOf(sealed, length);
            assertThatThrownBy(() -> opened(part, KEY)).as("%s", length).isInstanceOf(IOException.class);
        }
    }

    @Test
    void whatWasChangedOrSealedUnderAnotherKeyIsNoticed() throws IOException {
        byte[] sealed = sealed(new byte[1000]);
        for (int at = 0; at < sealed.length; at += 13) {
            byte[] changed = sealed.clone();
            changed[at] ^= 4;
            assertThatThrownBy(() -> opened(changed, KEY)).as("%s", at).isInstanceOf(IOException.class);
        }
        for (SecretKey other : new SecretKey[] {
            TICKET.key(2, "chosen"), TICKET.key(1, "other"), new Ticket("guessed", "identity", "phx1").key(1, "chosen")
        }) {
            assertThatThrownBy(() -> opened(sealed, other)).hasMessageContaining("capture password");
        }
    }
}
