// Bundles the dashboard: one page, one script, one style sheet, and the licences of what is in them.
//   node build.mjs [FOLDER]   FOLDER is where the files go; without it, where functions/ embeds them.
import { build } from 'esbuild';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const folder = path.resolve(process.argv[2] ?? path.join(here, '../functions/Dashboard/assets'));
await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });

const { metafile } = await build({
  // Names and bytes must not depend on where the repository lies.
  absWorkingDir: here,
  entryPoints: ['src/app.tsx'],
  outdir: path.relative(here, folder),
  entryNames: '[name]-[hash]',
  bundle: true,
  minify: true,
  charset: 'utf8',
  format: 'esm',
  target: 'es2022',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  legalComments: 'none',
  metafile: true,
});

const files = Object.keys(metafile.outputs).map(file => path.basename(file));
const named = end => `/dashboard/${files.find(file => file.endsWith(end))}`;
const page = await readFile(path.join(here, 'src/index.html'), 'utf8');
await writeFile(
  path.join(folder, 'index.html'),
  page.replace('{script}', named('.js')).replace('{style}', named('.css')).replace(/\n\s*/g, '\n'),
);

const packages = new Set(
  Object.keys(metafile.inputs).flatMap(input => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.slice(1) ?? []),
);
const licences = await Promise.all(
  [...packages].sort().map(async name => {
    const { version } = JSON.parse(await readFile(path.join(here, 'node_modules', name, 'package.json'), 'utf8'));
    const text = await readFile(path.join(here, 'node_modules', name, 'LICENSE'), 'utf8');
    return `${name} ${version}\n\n${text.replace(/\r\n/g, '\n').trim()}\n`;
  }),
);
await writeFile(path.join(folder, 'licences.txt'), licences.join(`\n${'-'.repeat(80)}\n\n`));
