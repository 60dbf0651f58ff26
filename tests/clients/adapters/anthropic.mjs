import Anthropic from "@anthropic-ai/sdk";
import { weather } from "./stainless.mjs";

const asking = ({ model, text }, more) => ({ model, max_tokens: 100, messages: [{ role: "user", content: text }], ...more });

const tools = [{ name: weather.name, description: weather.description, input_schema: weather.parameters }];

const said = ({ content }) => content.filter(({ type }) => type === "text").map(({ text }) => text).join("");

const tokens = ({ usage }) => usage.input_tokens + usage.cache_read_input_tokens + usage.output_tokens;

// It puts v1 before each path.
const connect = ({ baseURL, apiKey }) => new Anthropic({ baseURL: baseURL.replace(/\/v1$/, ""), apiKey });

async function sendBack(to, question, { content }, seen) {
  const results = content.filter(({ type }) => type === "tool_use").map(({ id, input }) => ({
    type: "tool_result",
    tool_use_id: id,
    content: `sunny in ${input.city}`,
  }));
  const messages = [...question.messages, { role: "assistant", content }, { role: "user", content: results }];
  seen.text = said(await connect(to).messages.create({ ...question, messages }, { signal: to.signal }));
}

export default {
  async chat(to, request, seen) {
    const message = await connect(to).messages.create(asking(request), { signal: to.signal });
    seen.text = said(message);
    seen.tokens = tokens(message);
  },

  async stream(to, request, seen) {
    const stream = connect(to).messages.stream(asking(request), { signal: to.signal });
    stream.on("text", (text) => (seen.text += text));
    seen.tokens = tokens(await stream.finalMessage());
  },

  async tools(to, request, seen) {
    const question = asking(request, { tools });
    await sendBack(to, question, await connect(to).messages.create(question, { signal: to.signal }), seen);
  },

  async toolsStream(to, request, seen) {
    const question = asking(request, { tools });
    await sendBack(to, question, await connect(to).messages.stream(question, { signal: to.signal }).finalMessage(), seen);
  },

  async object(to, request, seen) {
    const format = { type: "json_schema", schema: { ...weather.parameters, additionalProperties: false } };
    const message = await connect(to).messages.create(asking(request, { output_config: { format } }), { signal: to.signal });
    seen.text = JSON.parse(said(message)).city;
  },
};
