package dev.thermocline.cli.chat;

import dev.thermocline.models.template.ChatMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Conversations as JSON files in the shape of OpenAI's API: an object whose {@code messages} are
 * objects with {@code role} and {@code content}, a system message first where there is one.
 */
final class Transcript {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private Transcript() {}

  /**
   * Writes a conversation; an interrupted write leaves no half file.
   *
   * @param replace whether an existing file is replaced
   */
  static void save(ChatState state, Path file, boolean replace) throws IOException {
    if (!replace && Files.exists(file)) {
      throw new FileAlreadyExistsException(file.toString());
    }
    ObjectNode root = JSON.createObjectNode();
    ArrayNode messages = root.putArray("messages");
    if (!state.system().isEmpty()) {
      add(messages, "system", state.system());
    }
    for (ChatMessage message : state.messages()) {
      add(messages, message.role(), message.content());
    }
    Path partial = file.resolveSibling(file.getFileName() + ".partial");
    Files.writeString(partial, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root));
    Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void add(ArrayNode messages, String role, String content) {
    messages.addObject().put("role", role).put("content", content);
  }

  /**
   * Replaces a session's conversation by a file's.
   *
   * @throws IOException if the file cannot be read or is no conversation; the session is unchanged
   */
  static void load(ChatState state, Path file) throws IOException {
    JsonNode root;
    try {
      root = JSON.readTree(Files.readString(file, StandardCharsets.UTF_8));
    } catch (JacksonException e) {
      throw new IOException(file + ": expected JSON: " + e.getOriginalMessage(), e);
    }
    JsonNode array = root.isArray() ? root : root.path("messages");
    if (!array.isArray()) {
      throw new IOException(file + ": expected an array 'messages', got " + root.getNodeType());
    }
    StringBuilder system = new StringBuilder();
    List<ChatMessage> messages = new ArrayList<>();
    for (JsonNode node : array) {
      ChatMessage message = message(file, node);
      if (message.role().equals("system")) {
        system.append(system.isEmpty() ? "" : "\n").append(message.content());
      } else {
        messages.add(message);
      }
    }
    state.replace(system.toString(), messages);
  }

  private static ChatMessage message(Path file, JsonNode node) throws IOException {
    JsonNode role = node.path("role");
    JsonNode content = node.path("content");
    if (!role.isString() || !content.isString()) {
      throw new IOException(
          file + ": expected messages with the texts 'role' and 'content', got " + node);
    }
    return ChatMessage.of(role.stringValue(), content.stringValue());
  }
}
