// The ai package, in all its majors, with whichever provider.
const patience = (to) => ({ abortSignal: to.signal });

export const aiSdk = ({ embed, generateText, isStepCount, jsonSchema, streamText, tool }, { chat, embedding }) => ({
  async chat(to, { model, text }, seen) {
    const answer = await generateText({ model: chat(to, model), prompt: text, ...patience(to) });
    seen.text = answer.text;
    seen.tokens = answer.usage.totalTokens;
  },

  async stream(to, { model, text, usage }, seen) {
    const { fullStream } = streamText({ model: chat(to, model, usage), prompt: text, onError() {}, ...patience(to) });
    for await (const part of fullStream) {
      if (part.type === "text-delta") seen.text += part.text;
      if (part.type === "error") throw part.error;
      if (part.type === "finish") seen.tokens = part.totalUsage.totalTokens;
    }
  },

  async tools(to, { model, text }, seen) {
    const weather = tool({
      description: "What the weather is like",
      inputSchema: jsonSchema({ type: "object", properties: { city: { type: "string" } }, required: ["city"] }),
      execute: ({ city }) => `sunny in ${city}`,
    });
    const answer = await generateText({
      model: chat(to, model), prompt: text, tools: { weather }, stopWhen: isStepCount(2), ...patience(to),
    });
    seen.text = answer.text;
  },

  async embeddings(to, { model, text }, seen) {
    const answer = await embed({ model: embedding(to, model), value: text, ...patience(to) });
    seen.numbers = answer.embedding.length;
  },
});

export const openAICompatible = (create) => {
  const connect = ({ baseURL, apiKey }, includeUsage) => create({ name: "freeway", baseURL, apiKey, includeUsage });
  return { chat: (to, model, usage) => connect(to, usage)(model), embedding: (to, model) => connect(to).textEmbeddingModel(model) };
};
