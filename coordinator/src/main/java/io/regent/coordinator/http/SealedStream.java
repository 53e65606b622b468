package io.regent.coordinator.http;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * A stream in sealed frames: nobody without the key can read it, change it, cut it short or add to it unnoticed. A frame is
 * its length and AES-GCM of up to 64 KiB under its number; the last one is marked as such. A key is for one stream only.
 */
public final class SealedStream {
    private static final int FRAME = 1 << 16;
    private static final int TAG_BITS = 128;
    private static final int TAG_BYTES = 16;
    private static final int IV_BYTES = 12;

    private SealedStream() {}

    private static Cipher cipher(int mode, SecretKey key, long number, boolean last) throws IOException {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            byte[] iv = ByteBuffer.allocate(IV_BYTES).putLong(number).array();
            cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, iv));
            cipher.updateAAD(new byte[] {(byte) (last ? 1 : 0)});
            return cipher;
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot seal: " + e.getMessage(), e);
        }
    }

    /** Seals what is written; {@link OutputStream#close} marks the end, and leaves the other stream open. */
    static OutputStream sealing(OutputStream to, SecretKey key) {
        return new Sealing(new DataOutputStream(to), key);
    }

    /**
     * Opens what was sealed. Reading throws {@link IOException} where anything is not as it was sealed, a missing end
     * included.
     */
    public static InputStream opening(InputStream from, SecretKey key) {
        return new Opening(new DataInputStream(from), key);
    }

    private static final class Sealing extends OutputStream {
        private final DataOutputStream to;
        private final SecretKey key;
        private final byte[] plain = new byte[FRAME];
        private int used;
        private long number;

        Sealing(DataOutputStream to, SecretKey key) {
            this.to = to;
            this.key = key;
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            int at = from;
            while (at < from + length) {
                int part = Math.min(FRAME - used, from + length - at);
                System.arraycopy(bytes, at, plain, used, part);
                used += part;
                at += part;
                if (used == FRAME) {
                    frame(false);
                }
            }
        }

        private void frame(boolean last) throws IOException {
            try {
                byte[] sealed = cipher(Cipher.ENCRYPT_MODE, key, number++, last).doFinal(plain, 0, used);
                to.writeBoolean(last);
                to.writeInt(sealed.length);
                to.write(sealed);
                used = 0;
            } catch (GeneralSecurityException e) {
                throw new IOException("cannot seal: " + e.getMessage(), e);
            }
        }

        @Override
        public void close() throws IOException {
            frame(true);
            to.flush();
        }
    }

    private static final class Opening extends InputStream {
        private final DataInputStream from;
        private final SecretKey key;
        private byte[] plain = new byte[0];
        private int at;
        private long number;
        private boolean last;

        Opening(DataInputStream from, SecretKey key) {
            this.from = from;
            this.key = key;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int to, int length) throws IOException {
            while (at == plain.length && !last) {
                frame();
            }
            if (at == plain.length) {
                return -1;
            }
            int part = Math.min(length, plain.length - at);
            System.arraycopy(plain, at, bytes, to, part);
            at += part;
            return part;
        }

        private void frame() throws IOException {
            try {
                int mark = from.readUnsignedByte();
                boolean end = mark == 1;
                int length = from.readInt();
                if (mark > 1 || length < TAG_BYTES || length > FRAME + TAG_BYTES) {
                    throw new IOException("no sealed frame: mark " + mark + ", " + length + " bytes");
                }
                byte[] sealed = from.readNBytes(length);
                if (sealed.length < length) {
                    throw new EOFException();
                }
                plain = cipher(Cipher.DECRYPT_MODE, key, number++, end).doFinal(sealed);
                at = 0;
                last = end;
            } catch (EOFException e) {
                throw new EOFException("the stream was cut short");
            } catch (GeneralSecurityException e) {
                throw new IOException("the stream was not sealed under this cluster's capture password", e);
            }
        }

        @Override
        public void close() throws IOException {
            from.close();
        }
    }
}
