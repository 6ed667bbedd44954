package io.scrapingagent.scrape;

import com.fasterxml.jackson.core.JacksonException;
import io.scrapingagent.api.MetricsApiException;
import io.scrapingagent.api.MetricsApiUnavailableException;
import io.scrapingagent.config.OneLine;
import io.scrapingagent.ledger.LedgerTopic.OpenTransactionException;
import io.scrapingagent.ledger.Publisher.AnotherAgentException;
import io.scrapingagent.ledger.Publisher.KafkaAwayException;
import io.scrapingagent.scrape.ScrapeSteps.AgentStoppingException;
import io.scrapingagent.scrape.ScrapeSteps.RouteMistakeException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLException;
import org.apache.camel.CamelExchangeException;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.util.ObjectHelper;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ApplicationRecoverableException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.apache.kafka.common.errors.TransactionAbortedException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;

/** Why a query failed, in a sentence for an operator: what happened and what to do. */
public final class FailureReason {

    private FailureReason() {}

    /** Returns the sentence for a failure, of whichever layer it came from. */
    public static String of(Throwable thrown) {
        Throwable cause = cause(thrown);
        String message = oneLine(cause);
        if (cause instanceof MetricsApiException) {
            // a sentence of this agent's own, in which what the API said is cut already
            return cause.getMessage();
        } else if (cause instanceof AgentStoppingException
                || cause instanceof AnotherAgentException
                || cause instanceof RouteMistakeException) {
            return message;
        } else if (cause instanceof RejectedExecutionException) {
            // Camel throws it if it stops during the wait for a retry
            return "the agent was stopped before the Metrics API could be asked again";
        } else if (cause instanceof JacksonException json) {
            return "The Metrics API's answer is not the JSON that it promises: "
                    + OneLine.of(json.getOriginalMessage());
        } else if (cause instanceof KafkaException) {
            return "Kafka failed: " + message.replaceFirst("\\.$", "") + kafkaRemedy(cause);
        } else if (cause instanceof LinkageError) {
            // an UnsatisfiedLinkError at first, a NoClassDefFoundError from then on
            return ("A native library cannot be loaded, most likely that for KAFKA_COMPRESSION_TYPE:"
                            + " set that to none or gzip, or let %s be written to and executed from (%s)")
                    .formatted(System.getProperty("java.io.tmpdir"), message);
        } else if (isKafka(thrown)) {
            // a file that is not there or a password that does not open it, under names of Java's
            return "Kafka failed: %s (%s). Check the KAFKA_ settings and the files that they name"
                    .formatted(message, cause.getClass().getSimpleName());
        } else if (cause instanceof IOException) {
            return network(cause, message);
        }
        return cause.getClass().getSimpleName() + ": " + message;
    }

    /** Tells whether it was Kafka that failed. */
    static boolean isKafka(Throwable thrown) {
        return ObjectHelper.getException(KafkaException.class, thrown) != null;
    }

    /** Tells whether the Metrics API gave no good answer, and may give one later. */
    static boolean isUnavailable(Throwable thrown) {
        Throwable cause = cause(thrown);
        return cause instanceof MetricsApiUnavailableException
                || cause instanceof IOException && !isKafka(thrown);
    }

    /** Tells whether it was Kafka that failed, and a new producer may help, or waiting. */
    static boolean isKafkaAway(Throwable thrown) {
        Throwable cause = cause(thrown);
        return cause instanceof RetriableException
                || cause instanceof ApplicationRecoverableException
                || cause instanceof OutOfOrderSequenceException
                || cause instanceof TransactionAbortedException
                || cause instanceof TransactionAbortableException
                // a producer that was closed after an error
                || cause.getClass() == KafkaException.class;
    }

    private static String network(Throwable cause, String message) {
        if (cause instanceof UnknownHostException) {
            return "The Metrics API's host name is unknown (%s): check CONFLUENT_METRICS_HOST"
                            .formatted(message)
                    + " and DNS";
        } else if (cause instanceof SocketTimeoutException) {
            return "The Metrics API did not answer in time: " + message;
        } else if (cause instanceof ConnectException) {
            return "The Metrics API cannot be reached: " + message;
        } else if (cause instanceof SSLException) {
            return "No TLS connection to the Metrics API: " + message;
        }
        return "The connection to the Metrics API broke: " + message;
    }

    private static String kafkaRemedy(Throwable cause) {
        if (cause instanceof OpenTransactionException) {
            return "";
        } else if (cause instanceof KafkaAwayException) {
            return kafkaRemedy(cause.getCause());
        } else if (cause instanceof TransactionalIdAuthorizationException) {
            return ". Grant the agent's principal WRITE and DESCRIBE on its transactional id";
        } else if (cause instanceof AuthorizationException) {
            return ". Grant the agent's principal WRITE on METRICS_TOPIC, and READ and WRITE on"
                    + " METRICS_LEDGER_TOPIC";
        } else if (cause instanceof AuthenticationException) {
            return ". Check KAFKA_SECURITY_PROTOCOL, KAFKA_SASL_… and KAFKA_SSL_…";
        } else if (cause instanceof TimeoutException) {
            return ". Check KAFKA_BOOTSTRAP_SERVERS, and that METRICS_TOPIC exists";
        }
        return "";
    }

    /** Returns what a failure is about, without what Camel and Kafka wrapped it in. */
    static Throwable cause(Throwable thrown) {
        Throwable cause = thrown;
        while ((cause instanceof CamelExchangeException
                        || cause instanceof CamelExecutionException
                        || cause instanceof RuntimeCamelException
                        || cause instanceof ExecutionException
                        || cause.getClass() == KafkaException.class)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static String oneLine(Throwable cause) {
        String message =
                cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return OneLine.of(message);
    }
}
