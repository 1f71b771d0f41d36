// The server's public interface: requests with the key, errors as the server words them, streams of events.

let key = "";

export function setKey(value) {
  key = value;
}

/** What the server answered instead of success; `message` is its own. */
export class ApiError extends Error {
  constructor(message, status, code) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

// Relative, so that the page also works below a path of a reverse proxy.
const address = (path) => new URL(path, document.baseURI);

export async function request(path, { body, signal } = {}) {
  const headers = {};
  if (key) headers.Authorization = `Bearer ${key}`;
  if (body) headers["Content-Type"] = "application/json";
  let response;
  try {
    response = await fetch(address(path), {
      method: body ? "POST" : "GET",
      headers,
      body: body && JSON.stringify(body),
      signal,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError("The server cannot be reached.", 0, null);
  }
  if (!response.ok) throw await refusal(response);
  return response;
}

async function refusal(response) {
  const text = await response.text();
  try {
    const { error } = JSON.parse(text);
    return new ApiError(error.message, response.status, error.code ?? error.type);
  } catch {
    return new ApiError(text || response.statusText, response.status, null);
  }
}

export async function getJson(path) {
  return (await request(path)).json();
}

/** The `data` of each server-sent event of an answer, as text. */
export async function* events(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const lines = (rest + value).split("\n");
      rest = lines.pop();
      for (const line of lines) {
        if (line.startsWith("data:")) yield line.slice(5).trim();
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

/** The parts of a streamed chat completion; throws ApiError also for an error in mid-stream. */
export async function* chat(body, signal) {
  const response = await request("v1/chat/completions", {
    body: { ...body, stream: true, stream_options: { include_usage: true } },
    signal,
  });
  for await (const data of events(response)) {
    if (data === "[DONE]") return;
    const chunk = JSON.parse(data);
    if (chunk.error) throw new ApiError(chunk.error.message, 200, chunk.error.code ?? chunk.error.type);
    yield chunk;
  }
  throw new ApiError("The connection ended before the answer did.", 0, null);
}
