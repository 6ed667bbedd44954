package io.scrapingagent.scrape;

import com.fasterxml.jackson.core.JacksonException;
import io.scrapingagent.api.MetricsApiException;
import io.scrapingagent.api.MetricsApiException.UnavailableException;
import io.scrapingagent.api.RouteMistakeException;
import io.scrapingagent.config.OneLine;
import io.scrapingagent.ledger.LedgerTopic.OpenTransactionException;
import io.scrapingagent.ledger.Publisher.AnotherAgentException;
import io.scrapingagent.ledger.Publisher.PatienceExceededException;
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
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.ApplicationRecoverableException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTxnTimeoutException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.apache.kafka.common.errors.TransactionAbortedException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/**
 * Why something failed, in words for an operator, and what to do about it: a run says it in a log
 * line, {@code check} in a finding. {@code ApiAnswer} says what to do about an answer of the
 * Metrics API.
 *
 * @param thrown what was thrown
 * @param what what happened
 * @param remedy what to do, or null where {@code what} says it or there is nothing to do
 */
public record FailureReason(Throwable thrown, String what, String remedy) {

    /** What to do about brokers that have no transactions. */
    public static final String WITHOUT_TRANSACTIONS =
            "METRICS_DELIVERY=at-least-once does without transactions (not with AGENT_SHARD)";

    private static final String OF_THIS_PORT =
            ", and that KAFKA_SECURITY_PROTOCOL is the one of this port";

    private FailureReason(Throwable thrown, String what) {
        this(thrown, what, null);
    }

    /** Explains a failure, of whichever layer it came from. */
    public static FailureReason of(Throwable thrown) {
        Throwable cause = cause(thrown);
        String message = oneLine(cause);
        if (cause instanceof MetricsApiException
                || cause instanceof AnotherAgentException
                || cause instanceof RouteMistakeException) {
            // a sentence of this agent's own, in which what others said is cut already
            return new FailureReason(thrown, cause.getMessage());
        } else if (cause instanceof RejectedExecutionException) {
            // what Camel says when it waits for a retry while it stops
            return new FailureReason(thrown, "the agent was stopped before all hours were tried");
        } else if (cause instanceof JacksonException json) {
            return new FailureReason(
                    thrown,
                    "The Metrics API's answer is not the JSON that it promises: "
                            + OneLine.of(
                                    // an operator can enable none of its features
                                    json.getOriginalMessage()
                                            .replaceFirst(
                                                    ": enable `.*` to allow| \\(start marker.*",
                                                    "")),
                    "check CONFLUENT_METRICS_HOST, HTTPS_PROXY and what else may have answered");
        } else if (cause instanceof KafkaException kafka) {
            return new FailureReason(
                    thrown,
                    "Kafka failed: " + message.replaceFirst("\\.$", "") + innermost(cause),
                    kafkaRemedy(kafka));
        } else if (cause instanceof NoClassDefFoundError && !message.contains("initialize class")) {
            // "Could not initialize class" is no missing class: see the next branch
            return new FailureReason(
                    thrown,
                    "A class is missing: " + message.replace('/', '.'),
                    "put the jar that has it on the class path, in the image into /agent/lib"
                            + " (docs/settings.md, \"Classes that are not in the jar\")");
        } else if (cause instanceof UnsatisfiedLinkError
                || cause instanceof NoClassDefFoundError
                || cause instanceof ExceptionInInitializerError
                        && !(cause.getCause() instanceof RuntimeException)) {
            // the first use of the library throws one of the others, each later use a
            // NoClassDefFoundError
            return new FailureReason(
                    thrown,
                    "A native library cannot be loaded, most likely that for"
                            + " KAFKA_COMPRESSION_TYPE ("
                            + message
                            + ")",
                    "set that to none or gzip, or let %s be written to and executed from"
                            .formatted(System.getProperty("java.io.tmpdir")));
        } else if (cause instanceof LinkageError) {
            return new FailureReason(
                    thrown,
                    "A class cannot be used: "
                            + oneLine(cause.getCause() == null ? cause : cause.getCause()),
                    "put a version of its jar on the class path that fits this agent's");
        } else if (isKafka(thrown)) {
            // an exception of Java's in a plain KafkaException, which cause() took off: a missing
            // file, or a password that does not open it
            return new FailureReason(
                    thrown,
                    "Kafka failed: %s (%s)".formatted(message, cause.getClass().getSimpleName()),
                    String.valueOf(cause.getMessage()).contains("oauthbearer")
                            ? "check KAFKA_SASL_OAUTHBEARER_…, and that the token endpoint can be"
                                    + " reached from here"
                            : "check the KAFKA_ settings and the files that they name");
        } else if (cause instanceof IOException) {
            return network(thrown, cause, message);
        }
        return new FailureReason(thrown, cause.getClass().getSimpleName() + ": " + message);
    }

    /**
     * Explains a failure that came after a window was fetched whole. By then the Metrics API is not
     * asked any more, so an {@link IOException} comes from a step that somebody added, such as one
     * that sends copies.
     */
    static FailureReason afterFetch(Throwable thrown) {
        Throwable cause = cause(thrown);
        return cause instanceof IOException && !isKafka(thrown)
                ? of(
                        new RouteMistakeException(
                                "A step of the routes after the fetch failed: %s: %s"
                                        .formatted(
                                                cause.getClass().getSimpleName(), oneLine(cause))))
                : of(thrown);
    }

    /** Returns both as they stand in a log line. */
    public String sentence() {
        return remedy == null
                ? what
                : what + ". " + Character.toUpperCase(remedy.charAt(0)) + remedy.substring(1);
    }

    /** Returns the same failure in another sentence, which includes the remedy: none is added. */
    FailureReason as(String sentence) {
        return new FailureReason(thrown, sentence);
    }

    /** Returns what it is about, without what Camel and Kafka wrapped it in. */
    Throwable cause() {
        return cause(thrown);
    }

    /** Tells whether it was Kafka that failed. */
    public boolean isKafka() {
        return isKafka(thrown);
    }

    private static boolean isKafka(Throwable thrown) {
        return ObjectHelper.getException(KafkaException.class, thrown) != null;
    }

    /** Tells whether the Metrics API gave no good answer, and may give one later. */
    boolean isUnavailable() {
        return cause() instanceof UnavailableException
                || cause() instanceof IOException && !isKafka(thrown);
    }

    /** Tells whether it may pass by itself; else somebody has to do something about it. */
    boolean mayPass() {
        return isUnavailable()
                || cause() instanceof MetricsApiException api && api.mayPass()
                || isPassingKafkaFailure()
                || cause() instanceof PatienceExceededException
                || cause() instanceof RejectedExecutionException;
    }

    /** Tells whether Kafka failed in a way that waiting, or a new producer, may mend. */
    boolean isPassingKafkaFailure() {
        Throwable cause = cause();
        return cause instanceof RetriableException
                || cause instanceof ApplicationRecoverableException
                || cause instanceof OutOfOrderSequenceException
                || cause instanceof TransactionAbortedException
                || cause instanceof TransactionAbortableException
                // a producer that was closed after an error
                || cause.getClass() == KafkaException.class;
    }

    private static FailureReason network(Throwable thrown, Throwable cause, String message) {
        if (cause instanceof SSLException) {
            return new FailureReason(
                    thrown,
                    "No TLS connection to the Metrics API: " + message,
                    "check CONFLUENT_METRICS_HOST; if a proxy with a certificate of its own stands"
                            + " between, set CONFLUENT_METRICS_CA_FILE to its authority");
        }
        String what = "The connection to the Metrics API broke: ";
        if (cause instanceof SocketTimeoutException) {
            what = "The Metrics API did not answer in time: ";
        } else if (cause instanceof ConnectException || cause instanceof UnknownHostException) {
            what = "The Metrics API cannot be reached: ";
        }
        return new FailureReason(
                thrown,
                what + message,
                "check CONFLUENT_METRICS_HOST, HTTPS_PROXY, DNS, network and firewall");
    }

    private static String kafkaRemedy(Throwable cause) {
        if (cause instanceof OpenTransactionException) {
            return null;
        } else if (cause instanceof PatienceExceededException) {
            return kafkaRemedy(cause.getCause());
        } else if (cause instanceof TransactionalIdAuthorizationException) {
            return "grant the agent's principal WRITE and DESCRIBE on its transactional id, with"
                    + " AGENT_SHARD on those of all shards";
        } else if (cause instanceof AuthorizationException) {
            return "grant the agent's principal WRITE on METRICS_TOPIC, and READ and WRITE on"
                    + " METRICS_LEDGER_TOPIC; `check` names the commands";
        } else if (cause instanceof SslAuthenticationException) {
            return "check KAFKA_SSL_…" + OF_THIS_PORT;
        } else if (cause instanceof AuthenticationException) {
            return "check KAFKA_SASL_…" + OF_THIS_PORT;
        } else if (cause instanceof RecordTooLargeException) {
            return "raise max.message.bytes of METRICS_TOPIC and METRICS_LEDGER_TOPIC, or lower"
                    + " KAFKA_BATCH_SIZE to it";
        } else if (cause instanceof ConfigException) {
            // all settings but this one were tried at the start
            return "check KAFKA_BOOTSTRAP_SERVERS and DNS";
        } else if (cause instanceof InvalidTxnTimeoutException) {
            return "lower KAFKA_TRANSACTION_TIMEOUT_MS";
        } else if (cause instanceof InvalidTimestampException
                // of a batch with several such records
                || cause instanceof InvalidRecordException
                        && oneLine(cause).startsWith("Timestamp")) {
            return "set message.timestamp.before.max.ms of METRICS_TOPIC to at least"
                    + " METRICS_API_RETENTION_HOURS and a day; `check` names the command";
        } else if (cause instanceof UnsupportedVersionException) {
            return "the brokers, or what stands in their place, cannot do it: "
                    + WITHOUT_TRANSACTIONS
                    + ", or take brokers of Kafka 2.5 or later that have them";
        } else if (cause instanceof TimeoutException || cause instanceof DisconnectException) {
            return noAnswerRemedy(oneLine(cause));
        }
        return null;
    }

    /** A producer waits for more than one thing, and only its message says for which. */
    private static String noAnswerRemedy(String message) {
        String remedy =
                "check KAFKA_BOOTSTRAP_SERVERS, that KAFKA_SECURITY_PROTOCOL is the one of this"
                        + " port, that the addresses that the brokers advertise can be reached from"
                        + " here";
        if (message.contains("not present in metadata")) {
            remedy += ", and that METRICS_TOPIC exists";
        } else if (message.contains("awaiting InitProducerId")) {
            remedy +=
                    ", and that they can make their transaction log"
                            + " (transaction.state.log.replication.factor); "
                            + WITHOUT_TRANSACTIONS;
        }
        return remedy;
    }

    /** Kafka says of a TLS handshake that it failed, and the last of its causes why. */
    private static String innermost(Throwable failure) {
        Throwable cause = failure;
        while (failure instanceof SslAuthenticationException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause == failure ? "" : " (" + oneLine(cause) + ")";
    }

    private static Throwable cause(Throwable thrown) {
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
        // Kafka's login puts the stack trace of its cause into its message
        return OneLine.of(message.replaceFirst("(?s)\\n\\s+at .*", ""));
    }
}
