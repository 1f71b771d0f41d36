package dev.thermocline.cli;

import dev.thermocline.engine.InferenceEngine;
import dev.thermocline.models.Model;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes raw logits. */
@Command(
    name = "logits",
    description =
        "Writes the logits after every token: raw float32, little-endian, [n_tokens][n_vocab].",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  thermocline logits --tokens 1,403,407,263 --out logits.f32",
      "  thermocline logits model.gguf --tokens 1,2,3 --out logits.f32 --sparse off"
    })
final class LogitsCommand implements Callable<Integer> {
  @Mixin private ModelArgument model = new ModelArgument();
  @Mixin private EngineFlags flags = new EngineFlags();

  @Option(
      names = "--tokens",
      required = true,
      split = ",",
      paramLabel = "ID",
      description = "Token ids, separated by commas.")
  private int[] tokens = {};

  @Option(names = "--out", required = true, paramLabel = "F", description = "The file to write.")
  private Path out = Path.of("");

  @Override
  public Integer call() throws Exception {
    try (Model opened = model.open();
        InferenceEngine engine =
            InferenceEngine.open(
                opened,
                flags.options().withContext(Math.max(flags.options().context(), tokens.length)));
        OutputStream stream = new BufferedOutputStream(Files.newOutputStream(out))) {
      byte[] row = new byte[4 * opened.config().nVocab()];
      engine.logits(tokens, (position, logits, offset) -> write(row, logits, offset, stream));
    }
    return 0;
  }

  private static void write(byte[] row, float[] logits, int offset, OutputStream stream) {
    ByteBuffer.wrap(row)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .put(logits, offset, row.length / 4);
    try {
      stream.write(row);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
