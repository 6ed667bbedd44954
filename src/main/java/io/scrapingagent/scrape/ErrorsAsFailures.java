package io.scrapingagent.scrape;

import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.model.SetBodyDefinition;
import org.apache.camel.model.SetHeaderDefinition;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets an {@link Error} in a step fail its exchange, as an exception does. Without this, Camel
 * rethrows it in the thread of the step. Then no {@code doCatch} sees it, no unit of work ends, and
 * the caller waits for ever. Only an {@link OutOfMemoryError} ends the process.
 */
public final class ErrorsAsFailures implements InterceptStrategy {

    private static final Logger LOG = LoggerFactory.getLogger(ErrorsAsFailures.class);

    /** As with {@code -XX:+ExitOnOutOfMemoryError}. */
    private static final int EXIT_CODE = 3;

    @Override
    public Processor wrapProcessorInInterceptors(
            CamelContext context, NamedNode step, Processor target, Processor next) {
        // these never throw after they called back, and each record has three of them: the guard
        // would cost time for nothing
        boolean callsBackOnce =
                step instanceof SetHeaderDefinition || step instanceof SetBodyDefinition;
        return new DelegateAsyncProcessor(target) {
            @Override
            public boolean process(Exchange exchange, AsyncCallback callback) {
                AsyncCallback once = callsBackOnce ? callback : once(callback);
                try {
                    return super.process(exchange, once);
                } catch (OutOfMemoryError e) {
                    LOG.error("Out of memory, the agent ends: give it more heap (-Xmx)");
                    Runtime.getRuntime().halt(EXIT_CODE);
                    throw e;
                } catch (Error e) {
                    exchange.setException(e);
                    once.done(true);
                    return true;
                }
            }
        };
    }

    /** Some of Camel's processors call back and pass the error on as well. */
    private static AsyncCallback once(AsyncCallback callback) {
        AtomicBoolean called = new AtomicBoolean();
        return sync -> {
            if (!called.getAndSet(true)) {
                callback.done(sync);
            }
        };
    }
}
