import { createOpenRouter } from "@openrouter/ai-sdk-provider";
import * as ai from "ai";
import { aiSdk } from "./ai-sdk.mjs";

const connect = ({ baseURL, apiKey }) => createOpenRouter({ baseURL, apiKey });

export default aiSdk(ai, {
  chat: (to, model, usage) => connect(to).chat(model, usage ? { extraBody: { stream_options: { include_usage: true } } } : {}),
  embedding: (to, model) => connect(to).textEmbeddingModel(model),
});
