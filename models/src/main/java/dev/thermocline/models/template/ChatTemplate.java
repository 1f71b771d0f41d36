package dev.thermocline.models.template;

import dev.thermocline.models.gguf.GgufMetadata;
import dev.thermocline.models.gguf.GgufType;
import dev.thermocline.models.jinja.Template;
import dev.thermocline.models.jinja.TemplateException;
import dev.thermocline.models.tokenizer.PromptText;
import dev.thermocline.models.tokenizer.Tokenizer;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a model wants conversations written down. Compiled once, safe for use by several threads.
 *
 * <p>A model without a template was not trained on conversations; it gets {@link #PLAIN}.
 */
public final class ChatTemplate {
  /** Where files keep the template. */
  public static final String KEY = "tokenizer.chat_template";

  /**
   * The fall-back: the texts of all messages, an empty line between them, for the model to go on.
   */
  public static final String PLAIN =
      "{% for message in messages %}{{ message.content }}"
          + "{% if not loop.last %}{{ '\\n\\n' }}{% endif %}{% endfor %}";

  private final Template template;
  private final boolean plain;
  private final String bos;
  private final String eos;

  private ChatTemplate(Template template, boolean plain, String bos, String eos) {
    this.template = template;
    this.plain = plain;
    this.bos = bos;
    this.eos = eos;
  }

  /**
   * Compiles a template.
   *
   * @param bos text of the token that begins a text
   * @param eos text of the token that ends one
   * @throws TemplateException if it does not parse
   */
  public static ChatTemplate of(String source, String bos, String eos) {
    return new ChatTemplate(Template.compile(source), false, bos, eos);
  }

  /**
   * The template of a file, or the plain one where it has none.
   *
   * @throws TemplateException if it does not parse
   */
  public static ChatTemplate of(GgufMetadata metadata, Tokenizer tokenizer) {
    String bos = tokenizer.bos() < 0 ? "" : tokenizer.text(tokenizer.bos());
    String eos = tokenizer.eos() < 0 ? "" : tokenizer.text(tokenizer.eos());
    boolean stated = metadata.contains(KEY) && metadata.type(KEY) == GgufType.STRING;
    String source = stated ? metadata.string(KEY) : PLAIN;
    return new ChatTemplate(Template.compile(source), !stated, bos, eos);
  }

  /** Whether the model has no template of its own, which a log should say. */
  public boolean isPlain() {
    return plain;
  }

  /**
   * Writes a conversation down. Where the template refuses system messages, their text goes before
   * that of the first user message.
   *
   * @param now the local time, for templates that state it
   * @throws TemplateException if the template refuses or fails
   */
  public PromptText render(Conversation conversation, LocalDateTime now) {
    try {
      return renderAsIs(conversation, now);
    } catch (TemplateException refusal) {
      Conversation folded = SystemText.fold(conversation);
      if (folded.equals(conversation) || refusal.kind() == TemplateException.Kind.LIMIT) {
        throw refusal;
      }
      return renderFolded(folded, now, refusal);
    }
  }

  private PromptText renderFolded(
      Conversation folded, LocalDateTime now, TemplateException refusal) {
    try {
      return renderAsIs(folded, now);
    } catch (TemplateException e) {
      refusal.addSuppressed(e);
      throw refusal;
    }
  }

  private PromptText renderAsIs(Conversation conversation, LocalDateTime now) {
    Map<String, @Nullable Object> own = new HashMap<>();
    own.put("bos_token", bos);
    own.put("eos_token", eos);
    own.put("add_generation_prompt", conversation.reply());
    Map<String, @Nullable Object> foreign = new HashMap<>(conversation.options());
    foreign.put("messages", conversation.messages());
    foreign.put("tools", conversation.tools().isEmpty() ? null : conversation.tools());
    foreign.putIfAbsent("documents", null);
    return template.render(own, foreign, now);
  }
}
