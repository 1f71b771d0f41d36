package dev.thermocline.models.store;

import java.net.URI;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which content a server offers at an address, as its headers tell.
 *
 * @param blob the name of its file in the cache: the tag by which the Hub's tools call it, else a
 *     digest of the address and the tag
 * @param sha256 of the content; null if the server does not tell
 * @param size in bytes; -1 if unknown
 * @param validator what {@code If-Range} may name to get the rest of this very content; null if
 *     there is no such thing
 * @param commit of the repository; null if the server is no Hub
 */
record Content(
    String blob,
    @Nullable String sha256,
    long size,
    @Nullable String validator,
    @Nullable String commit) {
  private static final Pattern TAG = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{7,127}");
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

  /** The content of a file of the Hub, by the name that all its tools use. */
  static Content ofHub(Reply reply, URI address, RemoteFile listed) {
    String tag =
        reply.hub().linkedEtag().or(() -> reply.header("ETag")).map(Content::bare).orElse("");
    // The header came with this content; the list may be of an older one.
    String told = Digests.parse(tag);
    String sha256 = told != null ? told : listed.sha256();
    String blob = sha256 != null ? sha256 : TAG.matcher(tag).matches() ? tag : name(reply, address);
    String commit = reply.hub().commit().filter(c -> COMMIT.matcher(c).matches()).orElse(null);
    long size = reply.hub().linkedSize().orElse(size(reply).orElse(listed.size()));
    return new Content(blob, sha256, size, validator(reply), commit);
  }

  /** The content behind any link. */
  static Content ofLink(Reply reply, URI address) {
    String sha256 = reply.hub().linkedEtag().map(tag -> Digests.parse(bare(tag))).orElse(null);
    long size = size(reply).orElse(-1);
    return new Content(name(reply, address), sha256, size, validator(reply), null);
  }

  /** Whether a part that was fetched earlier can be told to be of this content. */
  boolean isResumable() {
    return sha256 != null || validator != null;
  }

  private static String name(Reply reply, URI address) {
    String tag = reply.header("ETag").or(() -> reply.header("Last-Modified")).orElse("");
    return Digests.of(Uris.printable(address) + "\n" + tag);
  }

  /** A strong tag, else a date: a weak tag does not promise the same bytes. */
  private static @Nullable String validator(Reply reply) {
    return reply
        .header("ETag")
        .filter(tag -> tag.startsWith("\""))
        .or(() -> reply.header("Last-Modified"))
        .orElse(null);
  }

  /** The size of the whole content, also where the answer is a part of it. */
  private static OptionalLong size(Reply reply) {
    return reply.status() == 206
        ? ContentRange.of(reply).map(ContentRange::total).orElse(OptionalLong.empty())
        : reply.number("Content-Length");
  }

  private static String bare(String tag) {
    return tag.strip().replaceFirst("^W/", "").replace("\"", "");
  }
}
