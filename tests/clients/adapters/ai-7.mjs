import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import * as ai from "ai";
import { aiSdk, openAICompatible } from "./ai-sdk.mjs";

export default aiSdk(ai, openAICompatible(createOpenAICompatible));
