import { HumanMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { ChatOpenAI, OpenAIEmbeddings } from "@langchain/openai";
import { weather } from "./stainless.mjs";

const connect = ({ baseURL, apiKey }, model) => new ChatOpenAI({ model, apiKey, configuration: { baseURL } });

const sunny = tool(({ city }) => `sunny in ${city}`, { ...weather, schema: weather.parameters });
const withTools = (to, { model, text }) => ({ client: connect(to, model).bindTools([sunny]), question: new HumanMessage(text) });

async function sendBack(to, client, question, message, seen) {
  const results = await Promise.all(message.tool_calls.map((call) => sunny.invoke(call)));
  seen.text = (await client.invoke([question, message, ...results], { signal: to.signal })).text;
}

export default {
  async chat(to, { model, text }, seen) {
    const answer = await connect(to, model).invoke(text, { signal: to.signal });
    seen.text = answer.text;
    seen.tokens = answer.usage_metadata?.total_tokens;
  },

  async stream(to, { model, text }, seen) {
    for await (const chunk of await connect(to, model).stream(text, { signal: to.signal })) {
      seen.text += chunk.text;
      seen.tokens = chunk.usage_metadata?.total_tokens ?? seen.tokens;
    }
  },

  async tools(to, request, seen) {
    const { client, question } = withTools(to, request);
    await sendBack(to, client, question, await client.invoke([question], { signal: to.signal }), seen);
  },

  async toolsStream(to, request, seen) {
    const { client, question } = withTools(to, request);
    let message;
    for await (const chunk of await client.stream([question], { signal: to.signal })) message = message?.concat(chunk) ?? chunk;
    await sendBack(to, client, question, message, seen);
  },

  async object(to, { model, text }, seen) {
    const client = connect(to, model).withStructuredOutput(weather.parameters, { name: "place", method: "jsonSchema" });
    seen.text = (await client.invoke(text, { signal: to.signal })).city;
  },

  async embeddings({ baseURL, apiKey }, { model, text }, seen) {
    const client = new OpenAIEmbeddings({ model, apiKey, configuration: { baseURL } });
    seen.numbers = (await client.embedQuery(text)).length;
  },
};
