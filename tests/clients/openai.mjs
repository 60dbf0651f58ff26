import OpenAI from "openai";
import { run } from "./scenario.mjs";

const asking = ({ model, text = "hello there", ...more }) => ({ model, messages: [{ role: "user", content: text }], ...more });

await run({
  async chat(options, { times = 1, ...request }, seen) {
    const client = new OpenAI(options);
    for (seen.answers = 0; seen.answers < times; seen.answers++) {
      const answer = await client.chat.completions.create(asking(request));
      Object.assign(seen, { text: answer.choices[0].message.content, usage: answer.usage, requestID: answer._request_id });
    }
  },

  async stream(options, request, seen) {
    const stream = await new OpenAI(options).chat.completions.create({ ...asking(request), stream: true });
    seen.text = "";
    for await (const chunk of stream) {
      seen.text += chunk.choices[0]?.delta.content ?? "";
      seen.finish = chunk.choices[0]?.finish_reason ?? seen.finish;
      seen.usage = chunk.usage ?? seen.usage;
    }
    seen.ended = true;
  },

  async models(options, _, seen) {
    const client = new OpenAI(options);
    seen.models = [];
    for await (const model of client.models.list()) seen.models.push(model);
  },

  async model(options, { id }, seen) {
    seen.model = await new OpenAI(options).models.retrieve(id);
  },
});
