// Measures a Freeway that this script starts, beside the plain loopback upstream in the same run: figures to compare, not to quote.
//   npm ci --prefix bench && node bench/measure.mjs [seconds per line, default 8]
import autocannon from 'autocannon';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, watch } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const seconds = Number(process.argv[2] ?? 8);
const data = mkdtempSync(join(tmpdir(), 'freeway-bench-'));
const readyFile = join(data, 'ready.json');

const began = performance.now();
const freeway = spawn(join(here, '..', 'run'), ['--port', '7091', '--data', join(data, 'state'), '--ready-file', readyFile, '--catalogue', join(here, 'catalogue.json')],
  { stdio: ['ignore', 'ignore', 'inherit'] });
try {
  await new Promise((resolve, reject) => {
    watch(data, (_, name) => name === 'ready.json' && resolve());
    freeway.once('exit', (code) => reject(new Error(`./run ended with ${code}`)));
  });
  const { url, apiKey, upstreamUrl } = JSON.parse(readFileSync(readyFile, 'utf8'));
  await ask(`${url}/api/v1`, 'bench/wide:free', apiKey);
  console.log(`./run to the first answer: ${((performance.now() - began) / 1000).toFixed(1)} s`);
  await ask(`${url}/api/v1`, 'bench/narrow:free', apiKey);

  console.log('callers  loopback/s  admitted/s  ratio  p50 ms  p99 ms  refused/s  p99 ms');
  for (const connections of [1, 8, 64]) {
    const plain = await load(upstreamUrl, 'echo', apiKey, connections);
    const admitted = await load(`${url}/api/v1`, 'bench/wide:free', apiKey, connections);
    const refused = await load(`${url}/api/v1`, 'bench/narrow:free', apiKey, connections, 429);
    console.log([
      connections, plain.rate, admitted.rate, (admitted.rate / plain.rate).toFixed(2), admitted.p50, admitted.p99, refused.rate, refused.p99,
    ].map((cell, index) => String(cell).padStart([7, 12, 12, 7, 8, 8, 11, 8][index])).join(''));
  }
} finally {
  freeway.kill('SIGINT');
  await new Promise((resolve) => (freeway.exitCode === null ? freeway.once('exit', resolve) : resolve()));
  rmSync(data, { recursive: true, force: true });
}

function request(model) {
  return JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello there, how are you?' }] });
}

async function ask(base, model, key) {
  const answer = await fetch(`${base}/chat/completions`, { method: 'POST', headers: { authorization: `Bearer ${key}` }, body: request(model) });
  if (!answer.ok) throw new Error(`${model}: ${answer.status} ${await answer.text()}`);
  await answer.text();
}

async function load(base, model, key, connections, status = 200) {
  const result = await autocannon({
    url: `${base}/chat/completions`,
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: request(model),
    connections,
    duration: seconds,
  });
  const others = result.requests.total - (result.statusCodeStats[status]?.count ?? 0);
  if (others > 0 || result.errors > 0) throw new Error(`${model}: ${others} answers other than ${status}, ${result.errors} errors`);
  return { rate: Math.round(result.requests.average), p50: result.latency.p50, p99: result.latency.p99 };
}
