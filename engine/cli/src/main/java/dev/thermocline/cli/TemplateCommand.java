package dev.thermocline.cli;

import dev.thermocline.models.gguf.GgufFile;
import dev.thermocline.models.jinja.Template;
import dev.thermocline.models.jinja.TemplateException;
import dev.thermocline.models.template.ChatTemplate;
import dev.thermocline.models.template.Conversation;
import dev.thermocline.models.tokenizer.Tokenizers;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Conversations to prompts. */
@Command(
    name = "template",
    description = "Prints the prompt that a model's chat template makes of messages.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  thermocline template model.gguf --messages chat.json",
      "  thermocline template --template-file chat.jinja --messages chat.json --tools tools.json",
      "  thermocline template --batch cases.jsonl > rendered.jsonl"
    })
final class TemplateCommand implements Callable<Integer> {
  private static final System.Logger LOG = System.getLogger("thermocline");

  private final JsonMapper json = JsonMapper.builder().build();

  @Mixin private ModelArgument model = new ModelArgument();

  @ArgGroup(multiplicity = "1")
  private Source source = new Source();

  @Option(
      names = "--template-file",
      paramLabel = "F",
      description = "A template to use instead of the model's own.")
  private @Nullable Path templateFile;

  @Option(
      names = "--tools",
      paramLabel = "F",
      description = "A JSON array of the tools that the model may call.")
  private @Nullable Path tools;

  @Option(
      names = "--option",
      paramLabel = "NAME=JSON",
      description = "A further variable of the template, such as enable_thinking=false.")
  private Map<String, String> options = new HashMap<>();

  @Option(
      names = "--now",
      paramLabel = "ISO",
      description = "The local time that the template is told, such as 2026-01-31T12:00:00.")
  private @Nullable String now;

  @Option(
      names = "--no-reply",
      description = "Ends the prompt after the last message, not where the answer begins.")
  private boolean noReply;

  @Option(names = "--debug", description = "Prints stack traces and details.")
  @SuppressWarnings("UnusedVariable") // read from the raw arguments, before parsing can fail
  private boolean debug;

  /** Where the conversation comes from. */
  private static final class Source {
    @Option(names = "--messages", paramLabel = "F", description = "A JSON array of messages.")
    private @Nullable Path messages;

    @Option(
        names = "--batch",
        paramLabel = "F",
        description =
            "Lines of {\"template\": ..., \"messages\": ..., ...} with any variables; a line out"
                + " for each.")
    private @Nullable Path batch;
  }

  @Override
  public Integer call() throws IOException {
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
    if (source.batch != null) {
      batch(source.batch, out);
    } else if (source.messages != null) {
      out.print(render(source.messages));
    }
    out.flush();
    return 0;
  }

  private String render(Path messages) throws IOException {
    Map<String, @Nullable Object> variables = new HashMap<>();
    options.forEach((name, value) -> variables.put(name, parse(value, "--option " + name)));
    Conversation conversation =
        new Conversation(
            maps(messages), tools == null ? List.of() : maps(tools), variables, !noReply);
    return template().render(conversation, time(now)).text();
  }

  private ChatTemplate template() throws IOException {
    if (templateFile != null) {
      return ChatTemplate.of(Files.readString(templateFile), "<s>", "</s>");
    }
    try (GgufFile opened = GgufFile.open(model.path())) {
      ChatTemplate template = ChatTemplate.of(opened.metadata(), Tokenizers.of(opened.metadata()));
      if (template.isPlain()) {
        LOG.log(
            System.Logger.Level.WARNING,
            model.path().getFileName()
                + " has no chat template: messages are given to it as plain text");
      }
      return template;
    }
  }

  private List<Map<String, Object>> maps(Path file) throws IOException {
    try {
      return json.readValue(Files.readString(file), new TypeReference<>() {});
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          file + ": expected a JSON array of objects: " + e.getOriginalMessage(), e);
    }
  }

  private @Nullable Object parse(String text, String place) {
    try {
      return json.readValue(text, Object.class);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          place + ": expected JSON, got " + text + ": " + e.getOriginalMessage(), e);
    }
  }

  private static LocalDateTime time(@Nullable String text) {
    try {
      return text == null
          ? LocalDateTime.now(ZoneId.systemDefault())
          : LocalDateTime.parse(text.replace(' ', 'T'));
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "now: expected a local time such as 2026-01-31T12:00:00, got " + text, e);
    }
  }

  private void batch(Path file, PrintStream out) throws IOException {
    Map<String, Template> compiled = new HashMap<>();
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      int number = 1;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isBlank()) {
          Map<String, String> answer = answer(line, file + " line " + number, compiled);
          out.println(json.writeValueAsString(answer));
        }
        number++;
      }
    }
  }

  private Map<String, String> answer(String line, String place, Map<String, Template> compiled) {
    Map<String, @Nullable Object> variables = variables(line, place);
    if (!(variables.remove("template") instanceof String text)) {
      throw new IllegalArgumentException(place + ": expected a string \"template\"");
    }
    Object time = variables.getOrDefault("now", null);
    Map<String, @Nullable Object> own = new HashMap<>();
    for (String name : List.of("bos_token", "eos_token")) {
      if (variables.containsKey(name)) {
        own.put(name, variables.remove(name));
      }
    }
    try {
      Template template = compiled.computeIfAbsent(text, Template::compile);
      LocalDateTime clock = time(time instanceof String stated ? stated : now);
      return Map.of("text", template.render(own, variables, clock).text());
    } catch (TemplateException e) {
      return Map.of("error", String.valueOf(e.getMessage()));
    }
  }

  private Map<String, @Nullable Object> variables(String line, String place) {
    try {
      return new HashMap<>(json.readValue(line, new TypeReference<Map<String, Object>>() {}));
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          place + ": expected a JSON object: " + e.getOriginalMessage(), e);
    }
  }
}
