import { parseList } from "structured-headers";
import { parseRateLimit } from "ratelimit-header-parser";
import { run } from "./scenario.mjs";

const members = (headers, name) => parseList(headers.get(name)).map(([value, parameters]) => ({ name: value, ...Object.fromEntries(parameters) }));

await run({
  // What two parsers make of an answer's rate-limit headers: one of structured fields, one of X-RateLimit-*.
  async limits({ baseURL, apiKey, fetch }, { model }, seen) {
    const answer = await fetch(`${baseURL}/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
      body: JSON.stringify({ model, messages: [{ role: "user", content: "hello" }] }),
    });
    await answer.text();
    const old = Object.fromEntries([...answer.headers].filter(([name]) => name.startsWith("x-ratelimit-")));
    Object.assign(seen, {
      status: answer.status,
      policies: members(answer.headers, "ratelimit-policy"),
      limits: members(answer.headers, "ratelimit"),
      tightest: parseRateLimit(old),
    });
  },
});
