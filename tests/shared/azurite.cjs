// Serves Azurite's tables from memory for the process that holds our standard input, and exits when that ends,
// however it ends. Its one line of output is the port.
const { createRequire } = require("node:module");
const load = createRequire(process.argv[2] + "/");
const TableServer = load("azurite/dist/src/table/TableServer").default;
const TableConfiguration = load("azurite/dist/src/table/TableConfiguration").default;
load("azurite/dist/src/common/Logger").configLogger(false);

const debugLog = false, accessLog = false, loose = false, skipApiVersionCheck = true, inMemory = true;
const server = new TableServer(new TableConfiguration(
  "127.0.0.1", 0, 5, "tables.json", debugLog, accessLog, undefined, undefined, loose, skipApiVersionCheck,
  "", "", "", undefined, false, inMemory));

const leave = () => process.exit(0);
process.stdin.on("end", leave).on("error", leave).resume();
server.start().then(
  () => console.log(server.httpServer.address().port),
  (error) => { console.error(error.message); process.exit(1); });
