package dev.thermocline.server.http;

import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** JSON as clients send it, hostile ones among them, and as they get it. */
public final class Json {
  private static final int MAX_DEPTH = 200;
  private static final int MAX_DIGITS = 400;

  /** Jackson's remark about where an open object or array began, which it does not know here. */
  private static final Pattern SOURCE =
      Pattern.compile(" \\((for \\w+ )?(starting|start marker) at \\[Source[^\\]]*\\]\\)");

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxNumberLength(MAX_DIGITS)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private Json() {}

  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  public static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }

  /**
   * Reads a request's body.
   *
   * @throws ApiException if it is no JSON object
   */
  public static ObjectNode parseBody(byte[] body) {
    if (parse(body) instanceof ObjectNode object) {
      return object;
    }
    throw ApiException.invalid(null, "request body: expected a JSON object");
  }

  private static JsonNode parse(byte[] body) {
    try {
      return MAPPER.readTree(body);
    } catch (JacksonException e) {
      throw ApiException.invalid(null, "request body is not valid JSON: " + reason(e));
    }
  }

  /**
   * Reads a JSON text inside another one; null if it is none.
   *
   * @throws ApiException never; a text that does not parse gives null
   */
  public static @org.jspecify.annotations.Nullable JsonNode parseOrNull(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JacksonException e) {
      return null;
    }
  }

  private static String reason(JacksonException e) {
    String message = e.getOriginalMessage();
    String place =
        e.getLocation() == null || e.getLocation().getLineNr() < 1
            ? ""
            : " (line "
                + e.getLocation().getLineNr()
                + ", column "
                + e.getLocation().getColumnNr()
                + ")";
    String first = message == null ? "unreadable" : message.lines().findFirst().orElse(message);
    return SOURCE.matcher(first).replaceAll("") + place;
  }

  public static byte[] bytes(JsonNode node) {
    return MAPPER.writeValueAsBytes(node);
  }

  public static String text(JsonNode node) {
    return MAPPER.writeValueAsString(node);
  }

  /** The value as maps, lists, strings, numbers, booleans and null, for templates. */
  public static @org.jspecify.annotations.Nullable Object plain(JsonNode node) {
    return MAPPER.treeToValue(node, Object.class);
  }
}
