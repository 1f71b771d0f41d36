// The openai and ai packages from npm, as they are, against a running server:
//   BASE_URL=http://127.0.0.1:8080/v1 API_KEY=... npm test
import assert from "node:assert/strict";
import { test } from "node:test";
import OpenAI from "openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { embed, generateObject, generateText, streamText, tool } from "ai";
import { z } from "zod";

const baseURL = process.env.BASE_URL;
const apiKey = process.env.API_KEY;
const model = process.env.MODEL ?? "default";
const client = new OpenAI({ baseURL, apiKey, maxRetries: 0 });
const provider = createOpenAICompatible({ name: "thermocline", baseURL, apiKey, supportsStructuredOutputs: true });
const chat = { model, messages: [{ role: "user", content: "Once upon a time" }], temperature: 0, max_tokens: 12 };
const look = {
  type: "function",
  function: {
    name: "look",
    parameters: { type: "object", properties: { where: { enum: ["left", "right"] } }, required: ["where"] },
  },
};

test("openai: streams what it answers whole", async () => {
  const whole = await client.chat.completions.create(chat);
  let text = "";
  let usage;
  for await (const chunk of await client.chat.completions.create({
    ...chat,
    stream: true,
    stream_options: { include_usage: true },
  })) {
    text += chunk.choices[0]?.delta?.content ?? "";
    usage = chunk.usage ?? usage;
  }
  assert.equal(text, whole.choices[0].message.content);
  assert.equal(usage.completion_tokens, 12);
});

test("openai: tools, whole and streamed", async () => {
  const request = { ...chat, max_tokens: 200, tools: [look], tool_choice: "required", parallel_tool_calls: false };
  const whole = await client.chat.completions.create(request);
  const call = whole.choices[0].message.tool_calls[0].function;
  assert.equal(call.name, "look");
  assert.match(JSON.parse(call.arguments).where, /left|right/);
  const final = await client.chat.completions.stream(request).finalChatCompletion();
  assert.equal(final.choices[0].message.tool_calls[0].function.arguments, call.arguments);
});

test("openai: a schema, log-probabilities, embeddings, models", async () => {
  const reply = await client.chat.completions.create({
    ...chat,
    logprobs: true,
    top_logprobs: 2,
    response_format: { type: "json_schema", json_schema: { name: "animal", schema: { enum: ["fox", "hen"] } } },
  });
  assert.match(reply.choices[0].message.content, /^"(fox|hen)"$/);
  assert.equal(reply.choices[0].logprobs.content[0].top_logprobs.length, 2);
  const vectors = await client.embeddings.create({ model, input: ["Once", "The king"] });
  assert.equal(vectors.data.length, 2);
  assert.ok(Math.abs(Math.hypot(...vectors.data[0].embedding) - 1) < 1e-4);
  const list = await client.models.list();
  assert.ok(list.data.length >= 1);
});

test("openai: errors have their classes", async () => {
  await assert.rejects(client.chat.completions.create({ ...chat, temperature: 9 }), OpenAI.BadRequestError);
  await assert.rejects(client.chat.completions.create({ ...chat, model: "gpt-9" }), OpenAI.NotFoundError);
  const stranger = new OpenAI({ baseURL, apiKey: "wrong", maxRetries: 0 });
  await assert.rejects(stranger.models.list(), OpenAI.AuthenticationError);
});

test("openai: a stream that is left", async () => {
  const stream = await client.chat.completions.create({ ...chat, max_tokens: 400, stream: true });
  for await (const chunk of stream) {
    if (chunk.choices[0]?.delta?.content) break;
  }
  stream.controller.abort();
  assert.ok((await client.chat.completions.create(chat)).choices.length);
});

test("ai: text, streamed text, an object, tools, an embedding", async () => {
  const settings = { model: provider(model), temperature: 0, maxOutputTokens: 200, maxRetries: 0 };
  const whole = await generateText({ ...settings, prompt: "Once upon a time" });
  let text = "";
  for await (const piece of streamText({ ...settings, prompt: "Once upon a time" }).textStream) text += piece;
  assert.equal(text, whole.text);
  const { object } = await generateObject({
    ...settings,
    prompt: "An animal",
    schema: z.object({ kind: z.enum(["fox", "hen"]), old: z.boolean() }),
  });
  assert.match(object.kind, /fox|hen/);
  const called = await generateText({
    ...settings,
    prompt: "Look",
    toolChoice: "required",
    tools: { look: tool({ inputSchema: z.object({ where: z.enum(["left", "right"]) }) }) },
  });
  assert.equal(called.toolCalls[0].toolName, "look");
  const vector = await embed({ model: provider.textEmbeddingModel(model), value: "Once" });
  assert.ok(vector.embedding.length > 0);
});
