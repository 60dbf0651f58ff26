// Plays scenarios with one client for the process that started us: `node play.mjs CLIENT`. Each line of input is a scenario
// as JSON, or the id of one to leave; each line of output is what came of one. They run at the same time, and answers come as
// they are ready.
import { createInterface } from "node:readline";
import { described } from "./errors.mjs";

const { default: client } = await import(`./adapters/${process.argv[2]}.mjs`);

const leave = new Map();

async function play({ id, does, baseURL, apiKey, code, ...request }) {
  const seen = { id, text: "" };
  if (!client[does]) {
    process.stdout.write(JSON.stringify({ ...seen, end: "none" }) + "\n");
    return;
  }
  const leaving = new AbortController();
  const patience = Promise.withResolvers();
  leave.set(id, patience.resolve);
  const playing = client[does]({ baseURL, apiKey, signal: leaving.signal }, request, seen).then(
    () => "answered",
    (error) => {
      seen.error ??= described(error, code);
      return "error";
    },
  );
  seen.end = await Promise.race([playing, patience.promise]);
  process.stdout.write(JSON.stringify(seen) + "\n");
  leaving.abort();
}

// A client may fail outside of what was awaited; that is not how its caller hears of it.
process.on("unhandledRejection", () => {});
process.stdout.write(JSON.stringify({ id: "ready", end: "ready", text: "" }) + "\n");
for await (const line of createInterface({ input: process.stdin })) {
  const told = JSON.parse(line);
  if (told.leave) leave.get(told.leave)("waiting");
  else play(told);
}
process.exit();
