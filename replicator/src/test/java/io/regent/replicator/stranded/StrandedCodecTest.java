package io.regent.replicator.stranded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.regent.sql.gtid.GtidSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class StrandedCodecTest {
    private static final GtidSet BASE = GtidSet.parse("cccccccc-0000-0000-0000-000000000001:1-7");

    @Test
    void whatATransactionWasWrittenUponIsKept() throws IOException {
        StrandedTransaction transaction = LocalSpoolTest.transaction(2, 10).withBase(BASE);
        assertThat(StrandedCodec.decode(StrandedCodec.encode(transaction))).isEqualTo(transaction);
    }

    @Test
    void theFirstLayoutHadNoBase() throws IOException {
        StrandedTransaction transaction = LocalSpoolTest.transaction(2, 10);
        byte[] now = StrandedCodec.encode(transaction);
        byte[] first = Arrays.copyOf(now, now.length - Integer.BYTES); // the length of an empty set
        ByteBuffer.wrap(first).putInt(0, 1);
        assertThat(StrandedCodec.decode(first)).isEqualTo(transaction);
        assertThat(StrandedCodec.decode(first).base().isEmpty()).isTrue();
    }

    @Test
    void aLayoutOfALaterVersionIsNamed() {
        byte[] later = StrandedCodec.encode(LocalSpoolTest.transaction(2, 10));
        ByteBuffer.wrap(later).putInt(0, 3);
        assertThatThrownBy(() -> StrandedCodec.decode(later)).hasMessageContaining("layout 3");
    }
}
