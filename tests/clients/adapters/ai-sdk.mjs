import { weather } from "./stainless.mjs";

// The ai package, in all its majors, with whichever provider.
export const aiSdk = ({ embed, generateObject, generateText, isStepCount, jsonSchema, streamText, tool }, { chat, embedding }) => {
  const asking = (to, { model, text, usage }) => ({
    model: chat(to, model, usage), prompt: text, abortSignal: to.signal, onError() {},
  });
  const told = async ({ fullStream }, seen) => {
    for await (const part of fullStream) {
      if (part.type === "text-delta") seen.text += part.text;
      if (part.type === "error") throw part.error;
      if (part.type === "finish") seen.tokens = part.totalUsage.totalTokens;
    }
  };
  const tools = {
    weather: tool({
      description: weather.description,
      inputSchema: jsonSchema(weather.parameters),
      execute: ({ city }) => `sunny in ${city}`,
    }),
  };
  const stopWhen = isStepCount(2);
  return {
    async chat(to, request, seen) {
      const answer = await generateText(asking(to, request));
      seen.text = answer.text;
      seen.tokens = answer.usage.totalTokens;
    },

    stream: (to, request, seen) => told(streamText(asking(to, request)), seen),

    async tools(to, request, seen) {
      seen.text = (await generateText({ ...asking(to, request), tools, stopWhen })).text;
    },

    toolsStream: (to, request, seen) => told(streamText({ ...asking(to, request), tools, stopWhen }), seen),

    async object(to, request, seen) {
      seen.text = (await generateObject({ ...asking(to, request), schema: jsonSchema(weather.parameters) })).object.city;
    },

    async embeddings(to, { model, text }, seen) {
      seen.numbers = (await embed({ model: embedding(to, model), value: text, abortSignal: to.signal })).embedding.length;
    },
  };
};

export const openAICompatible = (create) => {
  const connect = ({ baseURL, apiKey }, includeUsage) =>
    create({ name: "freeway", baseURL, apiKey, includeUsage, supportsStructuredOutputs: true });
  return { chat: (to, model, usage) => connect(to, usage)(model), embedding: (to, model) => connect(to).textEmbeddingModel(model) };
};
