// Logits of tiny models by llama.cpp, as npm's node-llama-cpp ships it: what the tests hold ours against.
//
//   java ... dev.thermocline.models.TinyArchitectures FOLDER      (from the test classes)
//   npm install node-llama-cpp@3.22.1 && node logits.mjs FOLDER ../resources/dev/thermocline/models/peer
//
// Writes NAME.f32 for every NAME.gguf that llama.cpp can run: float32, little-endian, [tokens][vocabulary]. This release
// does not read the activation that bitnet-relu2 names, as newer sources do: it is left out.
import {readdirSync, writeFileSync} from "node:fs";
import {getLlama, LlamaLogLevel} from "node-llama-cpp";

const [from, to] = process.argv.slice(2);
const tokens = Array.from({length: 20}, (_, i) => (i * 37 + 11) % 64);
const llama = await getLlama({gpu: false, build: "never", logLevel: LlamaLogLevel.error, maxThreads: 1});
for (const file of readdirSync(from).filter((name) => name.endsWith(".gguf") && name !== "bitnet-relu2.gguf").sort()) {
  try {
    const model = await llama.loadModel({modelPath: `${from}/${file}`});
    const context = await model.createContext({
      contextSize: 64, batchSize: 64, threads: 1, flashAttention: false,
      experimentalKvCacheKeyType: "F32", experimentalKvCacheValueType: "F32"
    });
    const asked = tokens.map((token) => [token, {generateNext: {logits: true, options: {temperature: 0}}}]);
    const rows = await context.getSequence().controlledEvaluate(asked);
    const logits = new Float32Array(tokens.length * 64);
    rows.forEach((row, i) => row.next.logits.forEach((logit, token) => { logits[i * 64 + token] = logit; }));
    writeFileSync(`${to}/${file.replace(".gguf", ".f32")}`, logits);
    console.log(`${file}: ok`);
    await model.dispose();
  } catch (error) {
    console.log(`${file}: ${error.message}`);
  }
}
process.exit(0);
