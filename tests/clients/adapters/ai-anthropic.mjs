import { createAnthropic } from "@ai-sdk/anthropic";
import * as ai from "ai";
import { aiSdk } from "./ai-sdk.mjs";

const { embeddings, ...offered } = aiSdk(ai, { chat: ({ baseURL, apiKey }, model) => createAnthropic({ baseURL, apiKey })(model) });

export default offered;
