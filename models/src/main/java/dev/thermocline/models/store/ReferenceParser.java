package dev.thermocline.models.store;

import dev.thermocline.models.gguf.Printable;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what people write or paste to name a model on the network. */
final class ReferenceParser {
  static final String SCHEME = "hf:";
  private static final Set<String> HUB_HOSTS =
      Set.of("huggingface.co", "www.huggingface.co", "hf.co");
  private static final Set<String> FILE_PAGES = Set.of("resolve", "blob", "raw", "tree");
  private static final Pattern SHORT =
      Pattern.compile("([^/:@\\s]+)/([^/:@\\s]+?)(?:@([^:]+))?(?::(.+))?");

  private ReferenceParser() {}

  static ModelReference parse(String text, URI endpoint) throws StoreException {
    String rest = text.strip();
    if (rest.startsWith(SCHEME)) {
      rest = rest.substring(SCHEME.length()).replaceFirst("^//", "");
    }
    if (rest.matches("(?i)https?://.*")) {
      return link(Uris.web(rest), endpoint);
    }
    if (rest.matches("(?i)(www\\.)?(huggingface|hf)\\.co/.*")) {
      return link(Uris.web("https://" + rest), endpoint);
    }
    Matcher match = SHORT.matcher(rest);
    if (!match.matches()) {
      throw unreadable(text);
    }
    return hub(match.group(1), match.group(2), match.group(3), match.group(4));
  }

  private static ModelReference link(URI uri, URI endpoint) throws StoreException {
    boolean hub = HUB_HOSTS.contains(Uris.host(uri));
    String path = Uris.path(uri.getRawPath());
    if (hub || Uris.sameOrigin(uri, endpoint)) {
      String base = hub ? "" : Uris.path(endpoint.getRawPath()).replaceAll("/+$", "");
      ModelReference page = path.startsWith(base) ? page(path.substring(base.length())) : null;
      if (page != null) {
        return page;
      }
    }
    if (hub || !RepoPath.isGguf(path)) {
      throw unreadable(Uris.printable(uri));
    }
    return new ModelReference.Link(uri);
  }

  /** The repository or file that a page of the Hub shows; null if it shows something else. */
  private static @Nullable ModelReference page(String path) throws StoreException {
    List<String> steps =
        Arrays.stream(path.split("/")).filter(s -> !s.isEmpty()).map(Uris::unescape).toList();
    if (steps.size() == 2 && !RepoPath.isGguf(steps.get(1))) {
      Matcher match = SHORT.matcher(steps.get(0) + "/" + steps.get(1));
      return match.matches()
          ? hub(match.group(1), match.group(2), match.group(3), match.group(4))
          : null;
    }
    if (steps.size() < 4 || !FILE_PAGES.contains(steps.get(2))) {
      return null;
    }
    String file = String.join("/", steps.subList(4, steps.size()));
    return hub(steps.get(0), steps.get(1), steps.get(3), file.isEmpty() ? null : file);
  }

  private static ModelReference hub(
      String owner, String name, @Nullable String revision, @Nullable String selection)
      throws StoreException {
    try {
      RepoId repo = new RepoId(owner, name);
      return new ModelReference.Hub(
          repo, revision == null ? ModelReference.MAIN : revision, selection);
    } catch (IllegalArgumentException e) {
      throw new StoreException(Failures.reason(e), e);
    }
  }

  private static StoreException unreadable(String text) {
    return new StoreException(
        "model: expected hf:owner/repo[:file or quantization], a link to huggingface.co or a link"
            + " to a .gguf file, got "
            + Printable.name(text));
  }
}
