package dev.thermocline.server;

import dev.thermocline.models.RecitingModel;

/**
 * Models with chat templates as families of real ones have them: what they say after a prompt is
 * what a trained model would, so that the way through template, constraint and parser is the same.
 */
final class TemplateModels {
  static final String CALL_ARGUMENTS = "{\"where\": \"left\"}";
  static final String THOUGHT = "I had better look.";
  static final String ANSWER = "Nobody is there.";

  /** Thoughts in tags, calls in tags, results in the user's turn. */
  private static final String TAGGED =
      """
      {%- if tools %}
      {{- '<|im_start|>system\\n' }}
      {%- if messages[0].role == 'system' %}{{- messages[0].content ~ '\\n\\n' }}{% endif %}
      {{- 'Functions:\\n<tools>' }}
      {%- for tool in tools %}{{- '\\n' ~ (tool | tojson) }}{% endfor %}
      {{- '\\n</tools>\\nWrite <tool_call>\\n{"name": NAME, "arguments": OBJECT}\\n</tool_call>' }}
      {{- '<|im_end|>\\n' }}
      {%- elif messages[0].role == 'system' %}
      {{- '<|im_start|>system\\n' ~ messages[0].content ~ '<|im_end|>\\n' }}
      {%- endif %}
      {%- for message in messages %}
      {%- if message.role == 'user' %}
      {{- '<|im_start|>user\\n' ~ message.content ~ '<|im_end|>\\n' }}
      {%- elif message.role == 'assistant' %}
      {{- '<|im_start|>assistant\\n' }}
      {%- if message.reasoning_content %}
      {{- '<think>\\n' ~ message.reasoning_content ~ '\\n</think>\\n\\n' }}
      {%- endif %}
      {{- message.content }}
      {%- for call in message.tool_calls or [] %}
      {{- '<tool_call>\\n{"name": "' ~ call.function.name ~ '", "arguments": ' }}
      {{- (call.function.arguments | tojson) ~ '}\\n</tool_call>' }}
      {%- endfor %}
      {{- '<|im_end|>\\n' }}
      {%- elif message.role == 'tool' %}
      {{- '<|im_start|>user\\n<tool_response>\\n' ~ message.content }}
      {{- '\\n</tool_response><|im_end|>\\n' }}
      {%- endif %}
      {%- endfor %}
      {%- if add_generation_prompt %}
      {{- '<|im_start|>assistant\\n' }}
      {%- if enable_thinking is defined and not enable_thinking %}
      {{- '<think>\\n\\n</think>\\n\\n' }}
      {%- endif %}
      {%- endif %}
      """;

  /** Calls as the whole answer, results in a turn of their own. */
  private static final String HEADERS =
      """
      {%- for message in messages %}
      {%- set role = 'ipython' if message.role == 'tool' else message.role %}
      {{- '<|start_header_id|>' ~ role ~ '<|end_header_id|>\\n\\n' }}
      {%- if tools and loop.first %}
      {{- 'Answer with {"name": NAME, "parameters": OBJECT} to call one of:\\n' }}
      {%- for tool in tools %}{{- (tool | tojson) ~ '\\n' }}{% endfor %}
      {%- endif %}
      {%- if message.tool_calls %}
      {%- set call = message.tool_calls[0].function %}
      {{- '{"name": "' ~ call.name ~ '", "parameters": ' ~ (call.arguments | tojson) ~ '}' }}
      {%- else %}{{- message.content }}{% endif %}
      {{- '<|eot_id|>' }}
      {%- endfor %}
      {%- if add_generation_prompt %}
      {{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}
      {%- endif %}
      """;

  /** Calls in a list, their names of nine characters. */
  private static final String BRACKETS =
      """
      {%- for message in messages %}
      {%- if message.role == 'user' %}
      {%- if tools and loop.last %}
      {{- '[AVAILABLE_TOOLS]' ~ (tools | tojson) ~ '[/AVAILABLE_TOOLS]' }}
      {%- endif %}
      {{- '[INST]' ~ message.content ~ '[/INST]' }}
      {%- elif message.tool_calls %}
      {{- '[TOOL_CALLS][' }}
      {%- for call in message.tool_calls %}
      {%- if call.id | length != 9 %}{{- raise_exception('call id of another length') }}{% endif %}
      {{- (call.function | tojson)[:-1] ~ ', "id": "' ~ call.id ~ '"}' }}
      {%- endfor %}
      {{- ']</s>' }}
      {%- elif message.role == 'tool' %}
      {%- if message.tool_call_id | length != 9 %}
      {{- raise_exception('result id of another length') }}
      {%- endif %}
      {{- '[TOOL_RESULTS]{"content": ' ~ (message.content | tojson) ~ ', "call_id": "' }}
      {{- message.tool_call_id ~ '"}[/TOOL_RESULTS]' }}
      {%- else %}{{- message.content ~ '</s>' }}{% endif %}
      {%- endfor %}
      """;

  private TemplateModels() {}

  private static RecitingModel tagged() {
    return new RecitingModel(TAGGED, "<|im_end|>")
        .control("<|im_start|>")
        .visible("<think>", "</think>", "<tool_call>", "</tool_call>");
  }

  /** Thinks and answers; without thoughts it answers at once. */
  static RecitingModel thinker() {
    return tagged().says("\n", "<think>", THOUGHT, "</think>", "\n\n", ANSWER, "<|im_end|>");
  }

  /** Thinks and calls {@code look}; without thoughts it calls at once. */
  static RecitingModel thinkingCaller() {
    return tagged()
        .says("\n", "<think>", THOUGHT, "</think>", "\n\n", "<tool_call>")
        .says("<tool_call>", call("arguments"), "</tool_call>", "<|im_end|>");
  }

  /** Answers with a call. */
  static RecitingModel headerCaller() {
    return new RecitingModel(HEADERS, "<|eot_id|>")
        .control("<|start_header_id|>", "<|end_header_id|>", "<|python_tag|>")
        .says("\n\n", call("parameters"), "<|eot_id|>");
  }

  /** Answers with a list of calls; after a result, with words. */
  static RecitingModel bracketCaller() {
    return new RecitingModel(BRACKETS, "</s>")
        .control("[INST]", "[/INST]", "[AVAILABLE_TOOLS]", "[/AVAILABLE_TOOLS]")
        .control("[TOOL_CALLS]", "[TOOL_RESULTS]", "[/TOOL_RESULTS]")
        .says("[/INST]", "[TOOL_CALLS]", "[" + call("arguments") + "]", "</s>")
        .says("[/TOOL_RESULTS]", ANSWER, "</s>");
  }

  private static String call(String key) {
    return "{\"name\": \"look\", \"" + key + "\": " + CALL_ARGUMENTS + "}";
  }
}
