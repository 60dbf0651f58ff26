// What the code and the other files of the repository expect of the deployment. The contract is read off the assemblies:
// see tests/bicep/CodeContract.cs.
import { checkAlerts } from './alerts.mjs';
import { checkNetwork } from './network.mjs';
import { constant } from './project.mjs';
import { at } from './policy.mjs';

/** Settings that the platform reads and the code does not. */
const ofThePlatform = [
  'APPLICATIONINSIGHTS_AUTHENTICATION_STRING', 'APPLICATIONINSIGHTS_CONNECTION_STRING',
  'AzureWebJobsStorage__blobServiceUri', 'AzureWebJobsStorage__queueServiceUri', 'AzureWebJobsStorage__credential',
  'ServiceBus__credential',
];

export function checkContract(project, resources, contract) {
  const report = (rule, message, one) => project.report(rule, one?.file ?? project.main, one?.resource?.line ?? 1, message);
  const of = type => resources.filter(one => one.type === type);
  const [site] = of('Microsoft.Web/sites');
  const settings = new Map((at(site?.body, 'properties.siteConfig.appSettings') ?? []).map(({ name, value }) => [name, value]));
  if (!site || settings.size === 0) {
    report('contract', 'there is no function app with settings');
    return;
  }

  checkSettings(settings, contract, (rule, message) => report(rule, message, site));
  checkQueue(settings, of('Microsoft.ServiceBus/namespaces/queues'), contract, (rule, message) => report(rule, message, site));
  checkTables(of('Microsoft.Storage/storageAccounts/tableServices/tables'), contract, report);
  checkAlerts(of, contract, report);
  checkNetwork(of, report);
  if (at(site.body, 'properties.functionAppConfig.runtime.version') !== contract.dotnet) {
    report('dotnet', `the app is built for .NET ${contract.dotnet}`, site);
  }

  checkDeployer(project, site, of('Microsoft.Resources/resourceGroups')[0]);
  checkParameters(project);
}

function checkSettings(settings, contract, report) {
  for (const name of contract.reads.filter(name => !settings.has(name))) {
    report('setting-not-set', `the code reads ${name}`);
  }

  for (const name of ofThePlatform.filter(name => !settings.has(name))) {
    report('setting-not-set', `the platform reads ${name}`);
  }

  if (!/^ClientId=⟨[^⟩]+⟩;Authorization=AAD$/.test(settings.get('APPLICATIONINSIGHTS_AUTHENTICATION_STRING'))) {
    report('connection', 'telemetry needs the identity');
  }

  for (const names of contract.oneOf.filter(names => !names.some(name => settings.has(name)))) {
    report('setting-not-set', `the code reads ${names.join(' or ')}`);
  }

  for (const name of contract.never.filter(name => settings.has(name))) {
    report('keyless', `${name} would be a connection string`);
  }

  const read = new Set([...contract.reads, ...contract.oneOf.flat(), ...contract.never, ...ofThePlatform]);
  for (const name of [...settings.keys()].filter(name => !read.has(name))) {
    report('setting-not-read', `nobody reads ${name}`);
  }
}

function checkQueue(settings, queues, contract, report) {
  const connections = new Set(['AzureWebJobsStorage', ...contract.triggers.map(trigger => trigger.connection)]);
  for (const connection of connections) {
    if (settings.get(`${connection}__credential`) !== 'managedidentity') { report('connection', `${connection}__credential must be managedidentity`); }
    if (!settings.get(`${connection}__clientId`)) { report('connection', `${connection} needs the identity's client id`); }
  }

  for (const { function: name, queue, connection } of contract.triggers) {
    const wanted = queue.replace(/%(\w+)%/, (_, setting) => settings.get(setting) ?? `no ${setting}`);
    if (!queues.some(one => one.body.name === wanted)) { report('queue', `${name} listens to the queue ${wanted}, which is not made`); }
    if (!settings.get(`${connection}__fullyQualifiedNamespace`)) { report('connection', `${name} needs ${connection}__fullyQualifiedNamespace`); }
  }
}

function checkTables(tables, contract, report) {
  const made = tables.flatMap(one => one.body.name);
  for (const name of contract.tables.filter(name => !made.includes(name))) { report('table', `the code's table ${name} is not made`, tables[0]); }
  for (const name of made.filter(name => !contract.tables.includes(name))) { report('table', `nobody uses the table ${name}`, tables[0]); }
}

/** azd finds the app by its tag, the code by its folder, the Bicep by its path. */
function checkDeployer(project, site, group) {
  const text = project.read('azure.yaml') ?? '';
  const value = name => new RegExp(`^\\s+${name}:\\s*(\\S+)`, 'm').exec(text)?.[1];
  const service = /^services:\n {2}(\S+):/m.exec(text)?.[1];
  const wrong = message => project.report('azure-yaml', 'azure.yaml', 1, message);
  if (!at(group?.body, 'tags.azd-env-name')) { wrong('the resource group lacks the tag azd-env-name'); }
  if (service !== at(site.body, 'tags.azd-service-name')) { wrong(`the service ${service} is not the app's tag azd-service-name`); }
  if (value('host') !== 'function' || value('language') !== 'dotnet') { wrong('the service must be a function in dotnet'); }
  if (project.read(`${(value('project') ?? '').replace('./', '')}/Freeway.Functions.csproj`) === null) { wrong('the project is not there'); }
  if (`${value('path')}/${value('module')}.bicep` !== project.main.path) { wrong(`the module is not ${project.main.path}`); }
}

function checkParameters(project) {
  const path = 'bicep/main.parameters.json';
  const given = JSON.parse(project.read(path)).parameters;
  const params = project.main.of('param');
  const wrong = message => project.report('parameters', path, 1, message);
  for (const [name, { value }] of Object.entries(given)) {
    const param = params.find(one => one.name === name);
    if (!param) { wrong(`main.bicep has no parameter ${name}`); }
    else if (param.decorators.some(one => one.of?.name === 'secure')) { wrong(`${name} is a secret`); }
    else if (typeof value === 'string' && param.type.name !== 'string') { wrong(`${name} is ${param.type.name}`); }
    const fallback = /^\$\{\w+=(.*)\}$/.exec(value)?.[1];
    if (fallback !== undefined && fallback !== constant(param?.value)) { wrong(`${name} falls back to '${fallback}', the parameter to another value`); }
  }

  for (const param of params.filter(one => !one.value && !one.type.nullable && !given[one.name])) { wrong(`${param.name} is needed`); }
}
