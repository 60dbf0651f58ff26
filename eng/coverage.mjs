// Reads what coverlet has counted and holds it against tests/simulation/uncovered.json.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

const Watched = [
  /^gateway\/Ledger\//,
  /^gateway\/Upstreams\/Leasing\//,
  /^gateway\/ActivityLog\/(ActivityOutbox|OutboxWorker|LedgerRecovery|AbandonedRows)\.cs$/,
];

const listed = JSON.parse(readFileSync('tests/simulation/uncovered.json', 'utf8')).map((entry) => ({ ...entry, met: false }));
const counts = { branches: 0, taken: 0, lines: 0, run: 0 };
const missed = new Map();

for (const [path, classes] of Object.values(JSON.parse(readFileSync(process.argv[2], 'utf8'))).flatMap(Object.entries)) {
  const file = relative(process.cwd(), path);
  if (!Watched.some((pattern) => pattern.test(file))) continue;
  const text = readFileSync(path, 'utf8').split('\n');
  const members = Object.entries(classes).flatMap(([type, methods]) => Object.entries(methods).map(([name, method]) => [nameOf(type, name), method]));
  for (const [member, method] of members) {
    for (const [line, hits] of Object.entries(method.Lines)) {
      counts.lines++;
      if (hits > 0) counts.run++;
      else miss(file, Number(line), text, member);
    }
    for (const branch of method.Branches) {
      counts.branches++;
      if (branch.Hits > 0) counts.taken++;
      else miss(file, branch.Line, text, member);
    }
  }
}

// A method's own name, also where the compiler has made a type or a method of it.
function nameOf(type, method) {
  const made = type.match(/\/<(\w+)>/) ?? method.match(/::<(\w+)>/);
  return made?.[1] ?? method.match(/::([\w.]+)\(/)?.[1] ?? method;
}

function miss(file, line, text, member) {
  const code = text[line - 1].trim();
  if (/^[{}]*;?$/.test(code)) return;
  const entry = listed.find((one) => one.file === file && code.includes(one.code ?? '') && (one.member ?? member) === member);
  if (entry) entry.met = true;
  else missed.set(`${file}:${line}`, `${member}  ${code}`);
}

for (const [place, code] of missed) console.log(`${place}  ${code}`);
const stale = listed.filter((entry) => !entry.met);
for (const entry of stale) console.log(`listed, and taken or gone: ${entry.file}  ${entry.member ?? ""} ${entry.code ?? ""}`);
console.log(
  `${counts.taken} of ${counts.branches} branches, ${counts.run} of ${counts.lines} lines; ` +
    `${listed.length - stale.length} exceptions listed, ${missed.size} places neither taken nor listed`,
);
process.exitCode = missed.size + stale.length > 0 ? 1 : 0;
