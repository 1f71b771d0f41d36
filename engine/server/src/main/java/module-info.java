/** The OpenAI-compatible server. */
@org.jspecify.annotations.NullMarked
module dev.thermocline.server {
  requires static transitive org.jspecify;
  requires transitive dev.thermocline.engine;
  requires io.helidon.common.buffers;
  requires io.helidon.common.socket;
  requires io.helidon.http;
  requires io.helidon.webserver;
  requires io.prometheus.metrics.core;
  requires io.prometheus.metrics.model;
  requires io.prometheus.writer.text;
  requires java.management;
  requires jdk.management;
  requires transitive tools.jackson.databind;

  exports dev.thermocline.server;
  exports dev.thermocline.server.http;
  exports dev.thermocline.server.models;
}
