import { HumanMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { ChatOpenAI, OpenAIEmbeddings } from "@langchain/openai";
import { weather } from "./stainless.mjs";

const connect = ({ baseURL, apiKey }, model) => new ChatOpenAI({ model, apiKey, configuration: { baseURL } });

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

  async tools(to, { model, text }, seen) {
    const sunny = tool(({ city }) => `sunny in ${city}`, { ...weather, schema: weather.parameters });
    const client = connect(to, model).bindTools([sunny]);
    const question = new HumanMessage(text);
    const call = await client.invoke([question], { signal: to.signal });
    const results = await Promise.all(call.tool_calls.map((one) => sunny.invoke(one)));
    seen.text = (await client.invoke([question, call, ...results], { signal: to.signal })).text;
  },

  async embeddings({ baseURL, apiKey }, { model, text }, seen) {
    const client = new OpenAIEmbeddings({ model, apiKey, configuration: { baseURL } });
    seen.numbers = (await client.embedQuery(text)).length;
  },
};
