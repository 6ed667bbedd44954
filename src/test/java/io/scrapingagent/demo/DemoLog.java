package io.scrapingagent.demo;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Keeps the embedded broker out of the agent's log, where no broker would be in production. */
final class DemoLog {

    private static final List<String> BROKER =
            List.of("kafka", "org.apache.kafka", "state.change.logger");

    private DemoLog() {}

    static void quieten() {
        for (String name : BROKER) {
            ((Logger) LoggerFactory.getLogger(name)).setLevel(Level.ERROR);
        }
    }
}
