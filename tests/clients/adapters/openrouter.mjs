import { createOpenRouter } from "@openrouter/ai-sdk-provider";
import * as ai from "ai";
import { aiSdk } from "./ai-sdk.mjs";

// It asks for a stream's usage only where it is told that it may be strict.
const connect = ({ baseURL, apiKey }, usage) => createOpenRouter({ baseURL, apiKey, compatibility: usage ? "strict" : "compatible" });

export default aiSdk(ai, {
  chat: (to, model, usage) => connect(to, usage).chat(model),
  embedding: (to, model) => connect(to).textEmbeddingModel(model),
});
