package dev.thermocline.server.http;

/** Answers requests of a route. */
@FunctionalInterface
public interface Handler {
  /**
   * Answers.
   *
   * @throws ApiException to refuse
   * @throws InterruptedException if the server is being stopped
   */
  void handle(Exchange exchange) throws InterruptedException;
}
