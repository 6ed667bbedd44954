package io.scrapingagent.chaos;

import io.scrapingagent.kafka.EmbeddedKafka;
import io.scrapingagent.process.JavaProcess;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A Kafka broker as a process of its own, which can be killed and started again on its data. */
final class BrokerProcess implements AutoCloseable {

    private static final String READY = "broker ready at ";

    private final Path data;
    private final Path log;
    private String address = "localhost:0";
    private JavaProcess process;

    /**
     * Starts a new broker.
     *
     * @param data an empty directory
     * @param log the file for what the broker prints
     */
    BrokerProcess(Path data, Path log) throws InterruptedException {
        this.data = data;
        this.log = log;
        start();
    }

    /** The broker in its process: port and data directory are the arguments. */
    public static void main(String[] arguments) throws IOException {
        EmbeddedKafka kafka =
                EmbeddedKafka.builder()
                        .port(Integer.parseInt(arguments[0]))
                        .dataDirectory(Path.of(arguments[1]))
                        .sessionTimeout(Duration.ofSeconds(2))
                        .start();
        System.out.println(READY + kafka.bootstrapServers());
        System.in.transferTo(OutputStream.nullOutputStream());
        kafka.close();
        System.exit(0);
    }

    String bootstrapServers() {
        return address;
    }

    JavaProcess process() {
        return process;
    }

    /** Starts the broker, on its old port if it had one; returns when it serves clients. */
    void start() throws InterruptedException {
        List<String> options = new ArrayList<>(JavaProcess.QUICK_START);
        options.add("-Xmx512m");
        process =
                JavaProcess.start(
                        BrokerProcess.class,
                        ClassPath.tests(),
                        options,
                        Map.of(),
                        log,
                        line -> {},
                        address.substring(address.indexOf(':') + 1),
                        data.toString());
        address = process.awaitLine(READY).substring(READY.length());
    }

    @Override
    public void close() {
        process.close();
    }
}
