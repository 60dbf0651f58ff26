import Groq from "groq-sdk";
import { stainless } from "./stainless.mjs";

// It puts openai/v1 before each path, whatever the base URL.
export default stainless(Groq, { fetch: (url, init) => fetch(String(url).replace("/openai/v1/", "/"), init) });
