# The images that it is made of; a registry of one's own may have them under other names
ARG BUILD_IMAGE=maven:3.9-eclipse-temurin-25
ARG RUN_IMAGE=eclipse-temurin:25-jre

# bytecode is the same for all platforms; the training run is not
FROM --platform=$BUILDPLATFORM ${BUILD_IMAGE} AS build
# Maven's own variables, for a proxy: --build-arg MAVEN_OPTS='-Dhttps.proxyHost=… -Dhttps.proxyPort=…'
ARG MAVEN_OPTS
ARG MAVEN_ARGS
WORKDIR /build
COPY pom.xml application.properties ./
COPY src/main src/main
COPY src/test src/test
ARG VERSION=1.0.0-SNAPSHOT
# formatting is checked by `mvn verify`, not by who builds an image
RUN mvn -B -ntp package -DskipTests -Dspotless.check.skip -Dagent.version=${VERSION}
RUN mvn -B -ntp dependency:copy-dependencies -DincludeScope=test -DoutputDirectory=target/training

# The training run: the agent scrapes once what a simulated Metrics API has, into a broker beside it,
# and leaves behind what that loaded. Java before 25 does the same and leaves nothing. The options
# that shape the cache, and the class path, are those of the ENTRYPOINT. The heap is fixed: above 32 GiB
# of heap Java lays objects out differently, and a cache of a large build host would fit no other; +UseCompressedOops keeps the heap below.
FROM ${RUN_IMAGE} AS training
WORKDIR /agent
COPY --from=build /build/target/confluent-scraping-agent.jar ./
COPY --from=build /build/target/classes /training/classes
COPY --from=build /build/target/test-classes /training/classes
COPY --from=build /build/target/training /training/lib
RUN ["java", "-cp", "/training/classes:/training/lib/*", "io.scrapingagent.demo.Training", \
     "java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", \
     "-XX:+IgnoreUnrecognizedVMOptions", "-XX:AOTCacheOutput=/agent/agent.aot", "-Xlog:all=off", \
     "-Xmx512m", "--enable-native-access=ALL-UNNAMED", \
     "-cp", "/agent/confluent-scraping-agent.jar", "io.scrapingagent.Main"]

FROM ${RUN_IMAGE}
WORKDIR /agent
COPY --from=training /agent ./
# a number, so that Kubernetes can see that it is not root
USER 10001:10001
EXPOSE 8080
# SIGTERM lets the agent finish the window in hand
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s \
    CMD ["java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx16m", \
         "-cp", "/agent/confluent-scraping-agent.jar", "io.scrapingagent.HealthProbe"]
ENTRYPOINT ["java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", \
            "-XX:MaxRAMPercentage=70", "-XX:+UseCompressedOops", "-XX:+ExitOnOutOfMemoryError", \
            "-XX:+IgnoreUnrecognizedVMOptions", "-XX:AOTCache=/agent/agent.aot", "-Xlog:all=off", \
            "--enable-native-access=ALL-UNNAMED", \
            "-cp", "/agent/confluent-scraping-agent.jar:/agent/lib/*", "io.scrapingagent.Main"]
# last, so that another revision changes no layer
ARG VERSION=1.0.0-SNAPSHOT
ARG REVISION=unknown
ARG SOURCE=unknown
LABEL org.opencontainers.image.title="Confluent Scraping Agent" \
      org.opencontainers.image.description="Collects usage metrics from Confluent Cloud's Metrics API every hour and publishes them to Kafka." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.source="${SOURCE}"
