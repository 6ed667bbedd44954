package io.scrapingagent.scrape;

import java.util.concurrent.Semaphore;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;

/**
 * Lets one scrape begin when the one before has ended; two at once would publish the same hours.
 *
 * <p>Camel's throttle for concurrent requests would say the same in YAML, but in 4.18.0 it forgets
 * ten seconds after a request has ended that another one is under way.
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
