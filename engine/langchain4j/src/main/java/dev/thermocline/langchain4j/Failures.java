package dev.thermocline.langchain4j;

import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.LangChain4jException;
import dev.thermocline.engine.GenerationException;
import dev.thermocline.engine.constrain.ConstraintException;
import dev.thermocline.models.jinja.TemplateException;

/** The engine's exceptions as LangChain4j's, which say whether trying again makes sense. */
final class Failures {
  private Failures() {}

  static RuntimeException of(RuntimeException failure) {
    return switch (failure) {
      case LangChain4jException known -> known;
      case ConstraintException e -> new InvalidRequestException(e.getMessage(), e);
      case TemplateException e -> new InvalidRequestException(e.getMessage(), e);
      case IllegalArgumentException e -> new InvalidRequestException(e.getMessage(), e);
      case GenerationException e -> new InternalServerException(e.getMessage(), e);
      default -> failure;
    };
  }
}
