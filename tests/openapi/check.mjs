// Checks answers against the schemas of openapi.json: `node check.mjs openapi.json`. Each line of the input is
// {"schema": "<JSON pointer into the document>", "body": …}; each line of the output is the list of what is wrong with it.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

const ajv = new Ajv2020({ strict: true, strictTypes: false, allErrors: true });
addFormats.default(ajv);
// Examples are for readers.
ajv.addKeyword("example");
ajv.addVocabulary(["openapi", "info", "servers", "tags", "paths", "components"]);
ajv.addSchema(JSON.parse(readFileSync(process.argv[2], "utf8")), "openapi.json");

for await (const line of createInterface({ input: process.stdin })) {
  const { schema, body } = JSON.parse(line);
  const check = ajv.getSchema(`openapi.json#${schema}`);
  const errors = check === undefined ? [`there is no schema at ${schema}`]
    : check(body) ? []
    : check.errors.map((error) => `${error.instancePath || "/"} ${error.message} (${JSON.stringify(error.params)})`);
  process.stdout.write(`${JSON.stringify(errors)}\n`);
}
