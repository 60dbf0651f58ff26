import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { generateText, streamText } from "ai";
import { run } from "./scenario.mjs";

const asking = (options, { model, text = "hello there", includeUsage, maxRetries = 0 }) => ({
  model: createOpenAICompatible({ name: "freeway", includeUsage, ...options })(model),
  prompt: text,
  maxRetries,
});

await run({
  async chat(options, { times = 1, ...request }, seen) {
    for (seen.answers = 0; seen.answers < times; seen.answers++) {
      const answer = await generateText(asking(options, request));
      Object.assign(seen, { text: answer.text, finish: answer.finishReason, usage: answer.usage });
    }
  },

  async stream(options, request, seen) {
    seen.text = "";
    for await (const part of streamText({ ...asking(options, request), onError() {} }).fullStream) {
      if (part.type === "text-delta") seen.text += part.text;
      if (part.type === "error") throw part.error;
      if (part.type === "finish") Object.assign(seen, { ended: true, finish: part.finishReason, usage: part.totalUsage });
    }
  },
});
