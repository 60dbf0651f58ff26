import { createOpenAICompatible } from "@ai-sdk/openai-compatible-2";
import * as ai from "ai-6";
import { aiSdk, openAICompatible } from "./ai-sdk.mjs";

export default aiSdk({ ...ai, isStepCount: ai.stepCountIs }, openAICompatible(createOpenAICompatible));
