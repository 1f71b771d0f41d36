package dev.thermocline.cli;

import dev.thermocline.cli.chat.ChatState;
import dev.thermocline.cli.chat.Settings;
import dev.thermocline.engine.FinishReason;
import dev.thermocline.engine.Generation;
import dev.thermocline.engine.GenerationRequest;
import dev.thermocline.engine.InferenceEngine;
import dev.thermocline.engine.SamplingParams;
import dev.thermocline.engine.api.LocalModel;
import dev.thermocline.engine.constrain.Constraint;
import dev.thermocline.engine.text.TextStream;
import dev.thermocline.models.Model;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Continues a text. */
@Command(
    name = "run",
    description = "Continues a text.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  thermocline run \"Once upon a time\"",
      "  thermocline run model.gguf -p \"The capital of France is\" -n 20 --temp 0",
      "  thermocline run model.gguf -p \"A person: \" --no-echo --json-schema person.json",
      "  thermocline run model.gguf < prompt.txt",
      "  thermocline run model.gguf     (on a terminal: a conversation, as chat)"
    })
final class RunCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Parameters(
      arity = "0..2",
      paramLabel = "[MODEL] TEXT",
      description = "A GGUF file, then the text to continue.")
  private List<String> words = List.of();

  @Option(
      names = {"-p", "--prompt"},
      paramLabel = "TEXT",
      description = "The text to continue.")
  private @Nullable String prompt;

  @Option(
      names = {"-n", "--tokens"},
      paramLabel = "N",
      description = "Most tokens to generate (${DEFAULT-VALUE}).")
  private int tokens = 200;

  @Option(names = "--ignore-eos", description = "Goes on past the end of the text.")
  private boolean ignoreEnd;

  @Option(names = "--no-echo", description = "Prints the continuation without the prompt.")
  private boolean noEcho;

  @Option(
      names = "--prompt-cache",
      paramLabel = "FILE",
      description =
          "Starts from the keys and values in FILE as far as they are of this text, and stores"
              + " there those of prompt and answer.")
  private @Nullable Path promptCache;

  @Mixin private EngineFlags flags = new EngineFlags();

  @Mixin private ShiftFlags shift = new ShiftFlags();

  @Mixin private SamplingFlags sampling = new SamplingFlags();

  @Mixin private ConstraintFlags form = new ConstraintFlags();

  @Override
  public Integer call() throws Exception {
    SamplingParams params = sampling.params();
    if (prompt == null && (words.isEmpty() || onlyModel()) && ChatConsole.isInteractive()) {
      return converse(params);
    }
    return continueText(params);
  }

  /** Without a text, on a terminal: as the chat command. */
  private Integer converse(SamplingParams params) throws Exception {
    try (LocalModel model =
        LocalModel.open(ModelArgument.path(modelName()), shift.in(flags.options()))) {
      new ChatConsole(new ChatState(model, new Settings(params, tokens)), true).run();
      return 0;
    }
  }

  private Integer continueText(SamplingParams params) throws Exception {
    long started = System.nanoTime();
    String text = text();
    try (Model model = Model.open(ModelArgument.path(modelName()));
        InferenceEngine engine = InferenceEngine.open(model, shift.in(flags.options()))) {
      int[] ids = model.tokenizer().encode(text, true, true);
      StoredPrompt stored = promptCache == null ? null : StoredPrompt.load(engine, promptCache);
      Constraint constraint = form.constraint(engine::constraints);
      GenerationRequest request = new GenerationRequest(ids, tokens, params, ignoreEnd);
      Generation generation = engine.submit(request.withConstraint(constraint));
      PrintStream out =
          new PrintStream(
              new java.io.FileOutputStream(java.io.FileDescriptor.out),
              false,
              StandardCharsets.UTF_8);
      if (!noEcho) {
        out.print(text);
        out.flush();
      }
      stream(new TextStream(model.tokenizer(), generation, params.stop(), true), out);
      if (stored != null) {
        stored.save(ids, generation);
      }
      new RunTimings(System.err).report(engine, generation, started);
      warnIfCut(constraint, generation);
      return 0;
    }
  }

  private static void warnIfCut(@Nullable Constraint constraint, Generation generation) {
    if (constraint != null && generation.finish() == FinishReason.LENGTH) {
      System.err.println(
          "thermocline: the text was cut before it was complete: expected more --tokens");
    }
  }

  private static void stream(TextStream stream, PrintStream out) throws InterruptedException {
    for (String piece = stream.next(); piece != null; piece = stream.next()) {
      out.print(piece);
      out.flush();
    }
    out.println();
    out.flush();
  }

  /** Whether the one word is a model rather than a text. */
  private boolean onlyModel() {
    return words.size() == 1
        && (words.getFirst().endsWith(".gguf") || words.getFirst().startsWith("hf:"));
  }

  /** With a prompt flag the only word is the model; otherwise the last word is the text. */
  private @Nullable String modelName() {
    int models = prompt == null && !onlyModel() ? words.size() - 1 : words.size();
    return models > 0 ? words.getFirst() : null;
  }

  private String text() throws IOException {
    if (prompt != null) {
      if (words.size() > 1) {
        throw new ParameterException(
            spec.commandLine(), "expected one model beside --prompt, got " + words);
      }
      return prompt;
    }
    if (words.isEmpty() || onlyModel()) {
      return new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
    }
    return words.getLast();
  }
}
