import OpenAI from "openai";
import { stainless } from "./stainless.mjs";

export default stainless(OpenAI);
