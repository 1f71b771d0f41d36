// Answers: asked for, streamed into their message, stopped.

import { ApiError, chat } from "./api.js";
import { messages } from "./conversation.js";
import { announce } from "./dom.js";
import { append, get, keep, tell } from "./session.js";
import { sampling } from "./settings.js";

const SAVE_MILLIS = 1000;
const running = new Map();

/** The answer being streamed into a conversation, if any. */
export const answering = (conversation) => running.get(conversation.id);

export function stop(conversation) {
  running.get(conversation.id)?.control.abort();
}

/** Gets an answer to the message `parent`, as a new branch where there is one already. */
export async function answer(conversation, parent, model) {
  if (running.has(conversation.id)) return;
  const control = new AbortController();
  running.set(conversation.id, { control });
  const node = await append(conversation, parent, "assistant", "");
  running.set(conversation.id, { control, node });
  node.model = model;
  tell("answer", { conversation, node });
  announce("Answering");
  try {
    await stream(conversation, node, control.signal);
    announce(`Answered with ${node.tokens} tokens`);
  } catch (error) {
    if (control.signal.aborted) {
      node.finish = "stopped";
      announce("Stopped");
    } else {
      node.error = described(error);
    }
  } finally {
    running.delete(conversation.id);
    // It may have been deleted meanwhile.
    if (get(conversation.id)) await keep(conversation);
    tell("answer", { conversation, node });
  }
}

async function stream(conversation, node, signal) {
  const begin = performance.now();
  let saved = begin;
  node.tokens = 0;
  const body = { model: node.model, messages: messages(conversation, node.parent), ...sampling() };
  for await (const chunk of chat(body, signal)) {
    const now = performance.now();
    take(node, chunk, now - begin);
    tell("answer", { conversation, node });
    if (now - saved > SAVE_MILLIS) {
      saved = now;
      keep(conversation);
    }
  }
}

/** Adds a part; until the server says how many tokens there were, parts are counted. */
function take(node, { choices, usage }, millis) {
  const choice = choices?.[0];
  const { content, reasoning_content: reasoning } = choice?.delta ?? {};
  if (content || reasoning) {
    node.content += content ?? "";
    if (reasoning) node.reasoning = (node.reasoning ?? "") + reasoning;
    node.tokens++;
    node.firstMillis ??= millis;
    node.lastMillis = millis;
  }
  if (choice?.finish_reason) node.finish = choice.finish_reason;
  if (usage) {
    node.tokens = usage.completion_tokens;
    node.usage = {
      prompt: usage.prompt_tokens,
      cached: usage.prompt_tokens_details?.cached_tokens ?? 0,
      completion: usage.completion_tokens,
    };
  }
}

function described(error) {
  if (!(error instanceof ApiError)) console.error(error);
  const about = [error.status ? `HTTP ${error.status}` : "", error.code ?? ""].filter(Boolean).join(" · ");
  return { message: error.message, about, status: error.status ?? 0 };
}
