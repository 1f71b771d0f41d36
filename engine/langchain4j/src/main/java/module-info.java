/** LangChain4j's models over the engine in this process. */
// LangChain4j names its modules in manifests only.
@SuppressWarnings("requires-transitive-automatic")
@org.jspecify.annotations.NullMarked
module dev.thermocline.langchain4j {
  requires transitive dev.thermocline.engine;
  requires transitive langchain4j.core;

  exports dev.thermocline.langchain4j;
}
