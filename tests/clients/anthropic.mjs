import Anthropic from "@anthropic-ai/sdk";
import { run } from "./scenario.mjs";

const asking = ({ model, text = "hello there", ...more }) => ({ model, max_tokens: 1000, messages: [{ role: "user", content: text }], ...more });

const client = ({ baseURL, ...options }) => new Anthropic({ baseURL: baseURL.replace(/\/v1$/, ""), ...options });

await run({
  async message(options, { times = 1, ...request }, seen) {
    for (seen.answers = 0; seen.answers < times; seen.answers++) {
      const message = await client(options).messages.create(asking(request));
      Object.assign(seen, { message, requestID: message._request_id });
    }
  },

  async stream(options, request, seen) {
    const stream = client(options).messages.stream(asking(request));
    stream.on("text", (text) => (seen.text = (seen.text ?? "") + text));
    seen.message = await stream.finalMessage();
  },

  async count(options, { model, text = "hello there" }, seen) {
    seen.counted = await client(options).messages.countTokens({ model, messages: [{ role: "user", content: text }] });
  },
});
