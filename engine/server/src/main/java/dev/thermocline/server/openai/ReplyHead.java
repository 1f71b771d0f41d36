package dev.thermocline.server.openai;

import dev.thermocline.server.http.Json;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/**
 * What all events of an answer have in common.
 *
 * @param usageFollows whether every event has a usage, of which only the last one's is not null
 */
record ReplyHead(
    String id,
    String object,
    String chunkObject,
    long created,
    String model,
    boolean usageFollows) {

  static ReplyHead chat(String model, boolean usageFollows) {
    return new ReplyHead(
        "chatcmpl-" + token(),
        "chat.completion",
        "chat.completion.chunk",
        now(),
        model,
        usageFollows);
  }

  static ReplyHead completion(String model, boolean usageFollows) {
    return new ReplyHead(
        "cmpl-" + token(), "text_completion", "text_completion", now(), model, usageFollows);
  }

  private static long now() {
    return System.currentTimeMillis() / 1000;
  }

  static String token() {
    return UUID.randomUUID().toString().replace("-", "");
  }

  /** A whole answer, still without choices. */
  ObjectNode whole() {
    return start(object);
  }

  /** An event without choices. */
  ObjectNode last() {
    return start(chunkObject);
  }

  /** An event about one choice, which the caller fills. */
  ObjectNode chunk(ObjectNode choice) {
    ObjectNode chunk = start(chunkObject);
    chunk.putArray("choices").add(choice);
    if (usageFollows) {
      chunk.putNull("usage");
    }
    return chunk;
  }

  private ObjectNode start(String kind) {
    ObjectNode node = Json.object();
    node.put("id", id);
    node.put("object", kind);
    node.put("created", created);
    node.put("model", model);
    node.put("system_fingerprint", "thermocline");
    return node;
  }
}
