package io.scrapingagent.scrape;

import java.util.concurrent.Semaphore;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;

/**
 * Lets one exchange go on when the one before it is done: a scrape, or a transaction.
 *
 * <p>Camel's throttle for concurrent requests would do in YAML, but 4.18.0 forgets a running
 * request ten seconds after another one has ended.
 */
public final class OneAtATime {

    private final Semaphore turn = new Semaphore(1, true);

    /** Waits for the turn of an exchange, which has it until it is done. */
    public void await(Exchange exchange) throws InterruptedException {
        turn.acquire();
        exchange.getExchangeExtension()
                .addOnCompletion(
                        new SynchronizationAdapter() {
                            @Override
                            public void onDone(Exchange done) {
                                turn.release();
                            }
                        });
    }
}
