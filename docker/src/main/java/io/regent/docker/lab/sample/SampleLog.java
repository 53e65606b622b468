package io.regent.docker.lab.sample;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** All samples, in memory (some 50 bytes each) and as lines of JSON in a file. Thread-safe. */
final class SampleLog implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final BufferedWriter file;
    private final List<Sample> samples = new ArrayList<>();

    private SampleLog(BufferedWriter file) {
        this.file = file;
    }

    static SampleLog into(Path file) throws IOException {
        return new SampleLog(Files.newBufferedWriter(file));
    }

    synchronized void add(Sample sample, List<String> breaches) {
        samples.add(sample);
        try {
            file.write(line(sample, breaches));
            file.newLine();
            file.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the samples", e);
        }
    }

    private static String line(Sample sample, List<String> breaches) {
        ObjectNode line = JSON.createObjectNode();
        line.put("start", sample.startNanos());
        line.put("end", sample.endNanos());
        line.put("region", sample.region());
        line.put("state", sample.state().name());
        line.put("epoch", sample.epoch());
        line.put("holder", sample.holder());
        line.put("lacking", sample.lacking());
        if (!breaches.isEmpty()) {
            ArrayNode all = line.putArray("breaches");
            breaches.forEach(all::add);
        }
        return line.toString();
    }

    synchronized List<Sample> samples() {
        return List.copyOf(samples);
    }

    @Override
    public synchronized void close() throws IOException {
        file.close();
    }
}
