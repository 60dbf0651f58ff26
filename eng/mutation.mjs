// Reads what a mutation run has found: a line for each file, the score, and what no test has noticed.
import { readFileSync } from 'node:fs';

const Noticed = ['Killed', 'Timeout'];
const Missed = ['Survived', 'NoCoverage'];

const { files } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const rows = Object.entries(files).map(([path, file]) => ({
  name: path.replace(/^.*\/gateway\//, 'gateway/'),
  mutants: file.mutants.filter(({ status }) => [...Noticed, ...Missed].includes(status)),
})).filter(({ mutants }) => mutants.length > 0);
const noticed = (mutants) => mutants.filter(({ status }) => Noticed.includes(status)).length;
const all = rows.flatMap(({ mutants }) => mutants);

for (const { name, mutants } of rows) {
  for (const { status, location, mutatorName, replacement } of mutants.filter(({ status }) => Missed.includes(status))) {
    const text = (replacement ?? '').replace(/\s+/g, ' ').slice(0, 80);
    console.log(`${name}:${location.start.line}  ${status === 'Survived' ? mutatorName : 'no test goes there'}  ${text}`);
  }
}
for (const { name, mutants } of rows) console.log(`${name}  ${noticed(mutants)} of ${mutants.length}`);
console.log(`${noticed(all)} of ${all.length} noticed, ${(100 * noticed(all) / (all.length || 1)).toFixed(1)} %`);
