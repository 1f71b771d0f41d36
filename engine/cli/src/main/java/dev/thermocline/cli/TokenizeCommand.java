package dev.thermocline.cli;

import dev.thermocline.models.gguf.GgufFile;
import dev.thermocline.models.tokenizer.Tokenizer;
import dev.thermocline.models.tokenizer.Tokenizers;
import java.io.BufferedReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Text to token ids, and back. */
@Command(
    name = "tokenize",
    description = "Prints the token ids of a text as a JSON array, or the text of ids.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  thermocline tokenize --text \"Once upon a time\" --bos",
      "  thermocline tokenize model.gguf --ids 1,403,407 --decode",
      "  thermocline tokenize model.gguf --batch texts.jsonl > ids.jsonl"
    })
final class TokenizeCommand implements Callable<Integer> {
  private final JsonMapper json = JsonMapper.builder().build();

  @Mixin private ModelArgument model = new ModelArgument();

  @ArgGroup(multiplicity = "1")
  private Source source = new Source();

  @Option(
      names = "--special",
      description = "Recognises control tokens in the text; shows them with --decode.")
  private boolean special;

  @Option(names = "--bos", description = "Adds the tokens that the model wants around a text.")
  private boolean bos;

  @Option(names = "--ids", description = "Prints ids, the default.")
  @SuppressWarnings("UnusedVariable") // names the default
  private boolean ids;

  @Option(
      names = "--decode",
      description = "Takes ids, as a JSON array or separated by commas, and prints the text.")
  private boolean decode;

  @Option(names = "--debug", description = "Prints stack traces and details.")
  @SuppressWarnings("UnusedVariable") // read from the raw arguments, before parsing can fail
  private boolean debug;

  /** Where the text comes from. */
  private static final class Source {
    @Option(names = "--text", paramLabel = "T", description = "The text.")
    private @Nullable String text;

    @Option(names = "--file", paramLabel = "F", description = "A file that holds the text.")
    private @Nullable Path file;

    @Option(
        names = "--batch",
        paramLabel = "F",
        description =
            "Lines of {\"text\": ...} or {\"hex\": ...} with optional \"special\" and \"bos\"; a"
                + " line out for each.")
    private @Nullable Path batch;

    byte[] read() throws java.io.IOException {
      if (file != null) {
        return Files.readAllBytes(file);
      }
      return text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
    }
  }

  @Override
  public Integer call() throws Exception {
    PrintStream out =
        new PrintStream(
            new java.io.FileOutputStream(java.io.FileDescriptor.out),
            false,
            StandardCharsets.UTF_8);
    // The tokenizer alone: vocabulary files and unknown architectures work too.
    try (GgufFile opened = GgufFile.open(model.path())) {
      Tokenizer tokenizer = Tokenizers.of(opened.metadata());
      if (source.batch != null) {
        batch(tokenizer, source.batch, out);
      } else if (decode) {
        out.write(
            tokenizer.decodeBytes(
                parseIds(new String(source.read(), StandardCharsets.UTF_8)), special));
        out.println();
      } else {
        out.println(array(tokenizer.encode(source.read(), special, bos)));
      }
    }
    out.flush();
    return 0;
  }

  private void batch(Tokenizer tokenizer, Path file, PrintStream out) throws java.io.IOException {
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      int number = 1;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isBlank()) {
          out.println(answer(tokenizer, line, file + " line " + number));
        }
        number++;
      }
    }
  }

  private ObjectNode answer(Tokenizer tokenizer, String line, String place) {
    JsonNode in = json.readTree(line);
    byte[] text;
    if (in.has("hex")) {
      text = HexFormat.of().parseHex(in.get("hex").asString());
    } else if (in.has("text")) {
      text = in.get("text").asString().getBytes(StandardCharsets.UTF_8);
    } else {
      throw new IllegalArgumentException(place + ": expected \"text\" or \"hex\", got " + in);
    }
    int[] encoded =
        tokenizer.encode(
            text, in.path("special").asBoolean(false), in.path("bos").asBoolean(false));
    ObjectNode answer = json.createObjectNode();
    answer.set("ids", array(encoded));
    return answer;
  }

  private ArrayNode array(int[] values) {
    ArrayNode array = json.createArrayNode();
    for (int value : values) {
      array.add(value);
    }
    return array;
  }

  private static int[] parseIds(String text) {
    String[] words = text.replaceAll("[\\[\\]\\s]", "").split(",", -1);
    int[] parsed = new int[words.length];
    for (int i = 0; i < parsed.length; i++) {
      try {
        parsed[i] = Integer.parseInt(words[i]);
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(
            "ids: expected whole numbers separated by commas, got " + words[i], e);
      }
    }
    return parsed;
  }
}
