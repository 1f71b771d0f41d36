package dev.thermocline.models.store;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/** A model somewhere on the network. */
public sealed interface ModelReference {
  /**
   * A model in a repository of the Hugging Face Hub or of a server with its interface.
   *
   * @param revision a branch, a tag or a commit
   * @param selection a file, its name, or a quantization; null for the usual choice
   */
  record Hub(RepoId repo, String revision, @Nullable String selection) implements ModelReference {
    @Override
    public String toString() {
      return repo
          + (revision.equals(MAIN) ? "" : "@" + revision)
          + (selection == null ? "" : ":" + selection);
    }
  }

  /** A file, or the parts of one, on any web server. */
  record Link(URI uri) implements ModelReference {
    @Override
    public String toString() {
      return Uris.printable(uri);
    }
  }

  /** The revision that is meant when none is named. */
  String MAIN = "main";

  /**
   * Reads {@code hf:owner/repo[@revision][:file or quantization]} (the {@code hf:} may be left
   * out), a link to a page or file of the Hub, or a link to a GGUF file anywhere.
   *
   * @param endpoint of the Hub in use; links to it mean repositories too
   * @throws StoreException if the text is none of these
   */
  static ModelReference parse(String text, URI endpoint) throws StoreException {
    return ReferenceParser.parse(text, endpoint);
  }
}
