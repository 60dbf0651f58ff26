import OpenAI from "openai-6";
import { stainless } from "./stainless.mjs";

export default stainless(OpenAI);
