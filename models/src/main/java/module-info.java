/** GGUF files, tokenizers and architectures, written once against the kernels of any backend. */
@org.jspecify.annotations.NullMarked
module dev.thermocline.models {
  requires static transitive org.jspecify;
  requires java.net.http;
  requires tools.jackson.core;
  requires transitive dev.thermocline.kernels;

  exports dev.thermocline.models;
  exports dev.thermocline.models.gguf;
  exports dev.thermocline.models.jinja;
  exports dev.thermocline.models.layers;
  exports dev.thermocline.models.quantize;
  exports dev.thermocline.models.store;
  exports dev.thermocline.models.template;
  exports dev.thermocline.models.tokenizer;
}
