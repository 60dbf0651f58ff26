// Reads the C# sources as text and prints how large they are and how they read. Nothing here is checked by a test.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const Projects = ['gateway', 'adapters', 'functions', 'runner'];
const Short = 12;
const Wide = 120;

// A summary that opens with one of these words leans on what stands beside it: its member's name, or the summary before.
const Leaning = /^(the same|of|as|it|what|whatever|that|those|such|again|this|where|when|whether|how|null|true|false|never)\b/i;

const sources = (folder) => readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
  const path = join(folder, entry.name);
  if (entry.isDirectory()) return ['obj', 'bin', 'node_modules'].includes(entry.name) ? [] : sources(path);
  return entry.name.endsWith('.cs') ? [path] : [];
});

function read(path) {
  const text = readFileSync(path, 'utf8').replace(/^\uFEFF/, '').replaceAll('\r', '');
  const lines = text.endsWith('\n') ? text.slice(0, -1).split('\n') : text.split('\n');
  return {
    path,
    lines: lines.length,
    wide: lines.filter((line) => [...line].length > Wide).length,
    comments: lines.filter((line) => /^\s*\/\/(?!\/)/.test(line)).length,
    summaries: [...text.matchAll(/<summary>\s*(?:\/\/\/\s*)?([\s\S]*?)<\/summary>/g)].map((match) => match[1]),
    namespace: /^namespace ([\w.]+);/m.exec(text)?.[1],
    uses: [...text.matchAll(/^using (Freeway\.[\w.]+);/gm)].map((match) => match[1]),
  };
}

const share = (part, whole) => `${(100 * part / (whole || 1)).toFixed(1)} %`;
const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

function row(name, files) {
  const lengths = files.map((file) => file.lines).sort((a, b) => a - b);
  const at = (rank) => lengths[Math.max(0, Math.ceil(rank * lengths.length) - 1)] ?? 0;
  const lines = sum(lengths);
  return [
    name, files.length, lines, at(0.5), at(0.9), at(1), share(lengths.filter((length) => length < Short).length, lengths.length),
    share(sum(files.map((file) => file.wide)), lines), share(sum(files.map((file) => file.comments)), lines),
  ];
}

// Namespaces that reach each other, by their using lines: each group of them counts as one cycle.
function cycles(files) {
  const edges = new Map();
  for (const file of files) {
    if (!file.namespace) continue;
    const targets = edges.get(file.namespace) ?? edges.set(file.namespace, new Set()).get(file.namespace);
    file.uses.forEach((use) => targets.add(use));
  }

  const reach = (from) => {
    const seen = new Set();
    const open = [...(edges.get(from) ?? [])];
    while (open.length > 0) {
      const next = open.pop();
      if (!seen.has(next)) {
        seen.add(next);
        open.push(...(edges.get(next) ?? []));
      }
    }

    return seen;
  };
  const reached = new Map([...edges.keys()].map((name) => [name, reach(name)]));
  const groups = new Set();
  for (const [name, seen] of reached) {
    if (seen.has(name)) groups.add([name, ...[...seen].filter((other) => reached.get(other)?.has(name))].sort().filter((one, at, all) => all[at - 1] !== one).join(' ↔ '));
  }

  return [...groups].map((group) => group.replaceAll('Freeway.', ''));
}

const print = (table) => {
  const widths = table[0].map((_, column) => Math.max(...table.map((line) => String(line[column]).length)));
  table.forEach((line) => console.log(line.map((cell, column) => column ? String(cell).padStart(widths[column]) : String(cell).padEnd(widths[0])).join('  ')));
};

const byProject = new Map(Projects.map((project) => [project, sources(project).map(read)]));
const product = [...byProject.values()].flat();
const tests = sources('tests').map(read);
print([
  ['', 'files', 'lines', 'median', 'p90', 'longest', `< ${Short} lines`, `> ${Wide} columns`, 'inline comments'],
  ...[...byProject].map(([name, files]) => row(name, files)),
  row('product', product),
  row('tests', tests),
]);

const summaries = product.flatMap((file) => file.summaries.map((text) => [file.path, text.replaceAll(/\s*\/\/\/\s*/g, ' ').trim()]));
const leaning = summaries.filter(([, text]) => Leaning.test(text));
console.log(`\n${leaning.length} of ${summaries.length} summaries do not stand alone`);
if (process.argv.includes('--summaries')) leaning.forEach(([path, text]) => console.log(`  ${path}: ${text.slice(0, 100)}`));

for (const [name, files] of byProject) {
  const found = cycles(files);
  console.log(`${found.length} cycles of folders in ${name}${found.map((group) => `\n  ${group}`).join('')}`);
}

const folders = new Set(product.map((file) => dirname(file.path)));
console.log(`${folders.size} folders`);
