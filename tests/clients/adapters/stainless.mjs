// The clients that Stainless generates have one shape: openai in all its majors, and groq-sdk.
const asking = ({ model, text }, more) => ({ model, messages: [{ role: "user", content: text }], ...more });

const usage = (request) => (request.usage ? { stream_options: { include_usage: true } } : {});

export const weather = {
  name: "weather",
  description: "What the weather is like",
  parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
};

export const stainless = (Client, options = {}) => {
  const connect = ({ baseURL, apiKey }) => new Client({ baseURL, apiKey, ...options });
  const sendBack = async (to, question, message, seen) => {
    const results = message.tool_calls.map((call) => ({
      role: "tool",
      tool_call_id: call.id,
      content: `sunny in ${JSON.parse(call.function.arguments).city}`,
    }));
    const answered = { ...question, messages: [...question.messages, message, ...results] };
    const answer = await connect(to).chat.completions.create(answered, { signal: to.signal });
    seen.text = answer.choices[0].message.content;
  };
  return {
    async chat(to, request, seen) {
      const answer = await connect(to).chat.completions.create(asking(request), { signal: to.signal });
      seen.text = answer.choices[0].message.content;
      seen.tokens = answer.usage?.total_tokens;
    },

    async stream(to, request, seen) {
      const stream = await connect(to).chat.completions.create(asking(request, { stream: true, ...usage(request) }), { signal: to.signal });
      for await (const chunk of stream) {
        seen.text += chunk.choices[0]?.delta.content ?? "";
        seen.tokens = chunk.usage?.total_tokens ?? seen.tokens;
      }
    },

    async tools(to, request, seen) {
      const question = asking(request, { tools: [{ type: "function", function: weather }] });
      const answer = await connect(to).chat.completions.create(question, { signal: to.signal });
      await sendBack(to, question, answer.choices[0].message, seen);
    },

    async toolsStream(to, request, seen) {
      const question = asking(request, { tools: [{ type: "function", function: weather }] });
      const message = { role: "assistant", content: null, tool_calls: [] };
      for await (const chunk of await connect(to).chat.completions.create({ ...question, stream: true }, { signal: to.signal })) {
        for (const { index, id, function: part } of chunk.choices[0]?.delta.tool_calls ?? []) {
          const call = (message.tool_calls[index] ??= { id, type: "function", function: { name: part.name, arguments: "" } });
          call.function.arguments += part.arguments;
        }
      }
      await sendBack(to, question, message, seen);
    },

    async object(to, request, seen) {
      const format = { type: "json_schema", json_schema: { name: "place", schema: weather.parameters } };
      const answer = await connect(to).chat.completions.create(asking(request, { response_format: format }), { signal: to.signal });
      seen.text = JSON.parse(answer.choices[0].message.content).city;
    },

    async embeddings(to, { model, text }, seen) {
      const answer = await connect(to).embeddings.create({ model, input: text }, { signal: to.signal });
      seen.numbers = answer.data[0].embedding.length;
    },
  };
};
