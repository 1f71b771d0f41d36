package dev.thermocline.models;

import dev.thermocline.models.gguf.GgufFile;
import dev.thermocline.models.gguf.GgufFormatException;
import dev.thermocline.models.gguf.GgufTensorInfo;

/**
 * Sizes that only the tensors of a file are certain about, and the check of those that its keys
 * state: nothing is ever allocated for a size that a file only claims to have.
 */
final class Shapes {
  private static final int MAX_WIDTH = 1 << 24;

  private final GgufFile gguf;

  Shapes(GgufFile gguf) {
    this.gguf = gguf;
  }

  /** Whether the feed-forward blocks of a file have a router. */
  static boolean hasExperts(GgufFile gguf) {
    return gguf.contains("blk.0.ffn_gate_inp.weight");
  }

  /** Rows of the embedding table. */
  int vocabulary() {
    return small(info("token_embd.weight"), info("token_embd.weight").rows());
  }

  /** Neurons of one expert. */
  int expertNeurons(ExpertConfig experts) {
    GgufTensorInfo info = info(downOfExpert("blk.0.") + ".weight");
    if (experts.count() > MAX_WIDTH || info.cols() * experts.count() > Integer.MAX_VALUE) {
      throw new UnsupportedModelException(
          info.name() + ": " + experts.count() + " experts of " + info.cols() + " are too many");
    }
    return small(info, info.cols());
  }

  private static int small(GgufTensorInfo info, long size) {
    if (size > MAX_WIDTH) {
      throw new GgufFormatException(
          info.name(), -1, "expected at most " + MAX_WIDTH + ", found " + size);
    }
    return (int) size;
  }

  /** Holds the stated sizes against the tensors of the first and the last layer. */
  void check(ModelConfig config) {
    check("token_embd", config.nVocab(), config.nEmbd());
    for (int layer : new int[] {0, config.nLayer() - 1}) {
      String prefix = "blk." + layer + ".";
      checkAttention(prefix, config);
      if (config.experts() != null) {
        boolean together = gguf.contains(prefix + "ffn_down_exps.weight");
        long rows = (long) config.nEmbd() * (together ? config.experts().count() : 1);
        check(downOfExpert(prefix), rows, config.nFf());
      } else {
        boolean fused = config.gated() && !gguf.contains(prefix + "ffn_gate.weight");
        check(prefix + "ffn_up", (fused ? 2L : 1L) * config.nFf(), config.nEmbd());
      }
    }
  }

  /** All experts in one tensor, or the first of those with one each, as the oldest files have. */
  private String downOfExpert(String prefix) {
    return gguf.contains(prefix + "ffn_down.0.weight")
        ? prefix + "ffn_down.0"
        : prefix + "ffn_down_exps";
  }

  private void checkAttention(String prefix, ModelConfig config) {
    if (gguf.contains(prefix + "attn_qkv.weight")) {
      int rows = config.queryWidth() + config.keyWidth() + config.valueWidth();
      check(prefix + "attn_qkv", rows, config.nEmbd());
      return;
    }
    check(prefix + "attn_q", config.queryWidth(), config.nEmbd());
    check(prefix + "attn_k", config.keyWidth(), config.nEmbd());
    check(prefix + "attn_v", config.valueWidth(), config.nEmbd());
  }

  private void check(String tensor, long rows, long cols) {
    GgufTensorInfo info = info(tensor + ".weight");
    if (info.rows() != rows || info.cols() != cols) {
      throw new GgufFormatException(
          info.name(),
          -1,
          "the keys demand ["
              + rows
              + "]["
              + cols
              + "], found ["
              + info.rows()
              + "]["
              + info.cols()
              + "]");
    }
  }

  private GgufTensorInfo info(String tensor) {
    return gguf.info(tensor)
        .orElseThrow(() -> new GgufFormatException(tensor, -1, "the file has no such tensor"));
  }
}
