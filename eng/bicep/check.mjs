// Checks bicep/ as far as that goes without Azure and without a compiler, and prints JSON.
//   node eng/bicep/check.mjs                      the findings
//   node eng/bicep/check.mjs --contract FILE      with what the code expects: see contract.mjs
//   node eng/bicep/check.mjs --faults FILE        the findings after each of its edits { file, find, replace }
//   node eng/bicep/check.mjs --settings           the settings of the app, as far as they are known before a deployment
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkContract } from './contract.mjs';
import { deployment } from './evaluate.mjs';
import { checkNames } from './names.mjs';
import { at, checkPolicy } from './policy.mjs';
import { Project } from './project.mjs';
import { checkStart } from './start.mjs';
import { checkTypes } from './types.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const load = path => JSON.parse(readFileSync(path, 'utf8'));
const option = name => process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : null;
const snapshot = load(join(root, 'eng/bicep/types.json'));
const contract = option('--contract') ? load(option('--contract')) : null;
const cache = new Map();
const options = {
  alertEmail: 'operator@example.com', alwaysReadyInstances: 1, monthlyBudget: 100, operatorId: 'operator', privateNetworking: true, shardLocation: 'elsewhere',
};

function read(path) {
  if (!cache.has(path)) {
    const file = join(root, path);
    cache.set(path, existsSync(file) ? readFileSync(file, 'utf8') : null);
  }

  return cache.get(path);
}

function check(text) {
  const project = new Project('bicep/main.bicep', text);
  if (project.findings.length === 0) {
    checkNames(project);
    checkStart(project);
    checkTypes(project, snapshot);
    try {
      judge(project);
    } catch (error) {
      // A value that cannot be worked out here cannot be worked out by a deployment.
      project.report('evaluate', project.main, 1, error.message);
    }
  }

  return project.findings;
}

/** With the default parameters, and with every option taken. */
function judge(project) {
  for (const parameters of [{}, options]) {
    const resources = deployment(project, parameters);
    checkPolicy(project, resources);
    if (contract) {
      checkContract(project, resources, contract);
    }
  }
}

function checkFault({ file, find, replace }) {
  const [before, after, ...more] = (read(file) ?? '').split(find);
  return after === undefined || more.length > 0
    ? { error: `'${find}' must be in ${file} once` }
    : { findings: check(path => path === file ? before + replace + after : read(path)) };
}

function settings() {
  const site = deployment(new Project('bicep/main.bicep', read)).find(one => one.type === 'Microsoft.Web/sites');
  return Object.fromEntries(at(site.body, 'properties.siteConfig.appSettings').map(({ name, value }) => [name, `${value}`]));
}

const faults = option('--faults') ? load(option('--faults')) : null;
const result = process.argv.includes('--settings') ? settings() : faults ? faults.map(checkFault) : check(read);
process.stdout.write(`${JSON.stringify(result, null, 1)}\n`);
