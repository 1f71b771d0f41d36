package dev.thermocline.models.store;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads the Hub's list of files, {@code [{"type": "file", "path": …, "size": …, "lfs": {"oid":
 * …}}]}, token by token: Jackson's core alone, without data binding, is enough for it.
 */
final class FileListing {
  private static final JsonFactory JSON = new JsonFactory();

  private final JsonParser in;

  private FileListing(JsonParser in) {
    this.in = in;
  }

  /** Files whose paths are safe to use. */
  static List<RemoteFile> parse(byte[] json, String subject) throws StoreException {
    try (JsonParser in = JSON.createParser(ObjectReadContext.empty(), json)) {
      return new FileListing(in).files();
    } catch (JacksonException | IllegalArgumentException e) {
      throw new StoreException(subject + ": expected a list of files, got something else", e);
    }
  }

  private List<RemoteFile> files() {
    expect(in.nextToken(), JsonToken.START_ARRAY);
    List<RemoteFile> files = new ArrayList<>();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      expect(in.currentToken(), JsonToken.START_OBJECT);
      RemoteFile file = file();
      if (file != null) {
        files.add(file);
      }
    }
    return files;
  }

  private @Nullable RemoteFile file() {
    String type = "";
    String path = "";
    long size = -1;
    String sha256 = null;
    while (in.nextToken() == JsonToken.PROPERTY_NAME) {
      String key = in.currentName();
      JsonToken value = in.nextToken();
      switch (key) {
        case "type" -> type = text(value);
        case "path" -> path = text(value);
        case "size" -> size = number(value);
        case "lfs" -> sha256 = value == JsonToken.START_OBJECT ? oid() : null;
        default -> in.skipChildren();
      }
    }
    expect(in.currentToken(), JsonToken.END_OBJECT);
    return type.equals("file") && RepoPath.isSafe(path) ? new RemoteFile(path, size, sha256) : null;
  }

  private @Nullable String oid() {
    String oid = null;
    while (in.nextToken() == JsonToken.PROPERTY_NAME) {
      boolean wanted = in.currentName().equals("oid");
      JsonToken value = in.nextToken();
      if (wanted) {
        oid = text(value);
      } else {
        in.skipChildren();
      }
    }
    expect(in.currentToken(), JsonToken.END_OBJECT);
    return oid == null ? null : Digests.parse(oid);
  }

  private String text(JsonToken value) {
    if (value == JsonToken.VALUE_STRING) {
      return in.getString();
    }
    in.skipChildren();
    return "";
  }

  private long number(JsonToken value) {
    if (value == JsonToken.VALUE_NUMBER_INT) {
      return in.getLongValue();
    }
    in.skipChildren();
    return -1;
  }

  private static void expect(@Nullable JsonToken found, JsonToken expected) {
    if (found != expected) {
      throw new IllegalArgumentException("expected " + expected + ", got " + found);
    }
  }
}
