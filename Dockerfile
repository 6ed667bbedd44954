FROM maven:3.9-eclipse-temurin-17 AS build
WORKDIR /build
COPY pom.xml application.properties ./
COPY src/main src/main
# formatting is checked by `mvn verify`, not by who builds an image
RUN mvn -B -ntp package -DskipTests -Dspotless.check.skip

FROM eclipse-temurin:21-jre
WORKDIR /agent
COPY --from=build /build/target/confluent-scraping-agent.jar ./
# a number, so that Kubernetes can see that it is not root
USER 10001:10001
# SIGTERM lets the agent finish the window in hand
STOPSIGNAL SIGTERM
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=70", "-XX:+ExitOnOutOfMemoryError", "-jar", "/agent/confluent-scraping-agent.jar"]
