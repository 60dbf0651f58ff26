// Serves Azurite's tables for the process that holds our standard input, and for no longer: when that ends,
// however it ends, the data is written and we exit. Says on one line of standard output where it listens.
import { createRequire } from "node:module";
import { mkdirSync } from "node:fs";
import { join } from "node:path";

const [location, wantedPort] = process.argv.slice(2);
const require = createRequire(import.meta.url);
const TableServer = require("azurite/dist/src/table/TableServer").default;
const TableConfiguration = require("azurite/dist/src/table/TableConfiguration").default;
const { configLogger } = require("azurite/dist/src/common/Logger");

const say = (line) => process.stdout.write(JSON.stringify(line) + "\n");

mkdirSync(location, { recursive: true });
configLogger(false);
const debugLog = false, accessLog = false, loose = false, skipApiVersionCheck = true;
const server = new TableServer(new TableConfiguration(
  "127.0.0.1", Number(wantedPort), undefined, join(location, "tables.json"),
  debugLog, accessLog, undefined, undefined, loose, skipApiVersionCheck));

let leaving = false;
async function leave() {
  if (leaving) return;
  leaving = true;
  await server.close();
  process.exit(0);
}

// A terminal's Ctrl-C reaches us too, but our parent still has requests to finish.
process.on("SIGINT", () => {});
process.on("SIGHUP", () => {});
process.on("SIGTERM", leave);
process.stdout.on("error", () => {});

try {
  await server.start();
} catch (error) {
  say({ error: error.code ?? "failed", message: error.message });
  process.exit(3);
}
say({ port: server.httpServer.address().port });
process.stdin.on("end", leave).on("error", leave).resume();
