package dev.thermocline.server.openai;

import dev.thermocline.server.http.Json;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a request cost.
 *
 * @param prompt tokens of the prompts
 * @param cached prompt tokens that were not computed again
 * @param completion tokens of the answers
 */
record Usage(int prompt, int cached, int completion) {

  ObjectNode toJson() {
    ObjectNode usage = Json.object();
    usage.put("prompt_tokens", prompt);
    usage.put("completion_tokens", completion);
    usage.put("total_tokens", prompt + completion);
    usage.putObject("prompt_tokens_details").put("cached_tokens", cached);
    return usage;
  }
}
