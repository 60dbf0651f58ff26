// What Freeway wants of every deployment beyond what Azure does: no keys, least roles, nothing that Flex Consumption forbids.
import { constant, everything, property } from './project.mjs';

/** Open or shut, but said. */
const shut = { 'properties.publicNetworkAccess': new Set(['Enabled', 'Disabled']) };
const walled = { 'properties.networkAcls.defaultAction': new Set(['Allow', 'Deny']), 'properties.networkAcls.bypass': 'AzureServices' };

/** The value at each path; a set of values means any of them. */
const wanted = {
  'Microsoft.Storage/storageAccounts': {
    'properties.allowSharedKeyAccess': false,
    'properties.allowBlobPublicAccess': false,
    'properties.defaultToOAuthAuthentication': true,
    'properties.minimumTlsVersion': 'TLS1_2',
    'properties.supportsHttpsTrafficOnly': true,
    ...shut,
    ...walled,
  },
  'Microsoft.Storage/storageAccounts/blobServices/containers': { 'properties.publicAccess': 'None' },
  'Microsoft.ServiceBus/namespaces': {
    'properties.disableLocalAuth': true,
    'properties.minimumTlsVersion': '1.2',
    'sku.name': new Set(['Standard', 'Premium']),
    'sku.tier': new Set(['Standard', 'Premium']),
    ...shut,
  },
  'Microsoft.ServiceBus/namespaces/queues': {
    'properties.requiresDuplicateDetection': true,
    'properties.deadLetteringOnMessageExpiration': true,
    // The code renews locks every 20 s and gives a message back after eight minutes.
    'properties.lockDuration': 'PT1M',
    'properties.maxDeliveryCount': 10,
    'properties.defaultMessageTimeToLive': new Set(['P7D', 'P14D']),
    'properties.requiresSession': false,
    'properties.duplicateDetectionHistoryTimeWindow': 'PT10M',
    'properties.enableBatchedOperations': true,
    'properties.maxSizeInMegabytes': 5120,
  },
  'Microsoft.Insights/components': { 'properties.DisableLocalAuth': true },
  'Microsoft.OperationalInsights/workspaces': { 'properties.features.disableLocalAuth': true, 'properties.sku.name': 'PerGB2018' },
  'Microsoft.KeyVault/vaults': {
    'properties.enableRbacAuthorization': true,
    'properties.enablePurgeProtection': true,
    'properties.enableSoftDelete': true,
    'properties.softDeleteRetentionInDays': 90,
    'properties.accessPolicies': undefined,
    ...shut,
    ...walled,
  },
  'Microsoft.Web/serverfarms': { kind: 'functionapp', 'sku.name': 'FC1', 'sku.tier': 'FlexConsumption', 'properties.reserved': true },
  'Microsoft.Web/sites': {
    kind: 'functionapp,linux',
    'identity.type': 'UserAssigned',
    'properties.httpsOnly': true,
    'properties.publicNetworkAccess': 'Enabled',
    'properties.clientAffinityEnabled': false,
    'properties.functionAppConfig.deployment.storage.type': 'blobContainer',
    'properties.siteConfig.http20Enabled': true,
    'properties.functionAppConfig.runtime.name': 'dotnet-isolated',
    'properties.functionAppConfig.deployment.storage.authentication.type': 'UserAssignedIdentity',
    'properties.siteConfig.minTlsVersion': '1.2',
    'properties.siteConfig.scmMinTlsVersion': '1.2',
    'properties.siteConfig.ftpsState': 'Disabled',
    // Not on Flex Consumption.
    'properties.siteConfig.linuxFxVersion': undefined,
    'properties.siteConfig.alwaysOn': undefined,
    'properties.siteConfig.netFrameworkVersion': undefined,
  },
  'Microsoft.Consumption/budgets': { 'properties.timeGrain': 'Monthly' },
  'Microsoft.Insights/scheduledQueryRules': {
    kind: 'LogAlert',
    'properties.skipQueryValidation': true,
    'properties.autoMitigate': true,
    'properties.criteria.allOf.0.timeAggregation': 'Maximum',
    'properties.criteria.allOf.0.operator': 'GreaterThan',
  },
  'Microsoft.Network/privateDnsZones/virtualNetworkLinks': { 'properties.registrationEnabled': false },
};

/** What must not be empty. */
const present = {
  'Microsoft.Insights/components': ['properties.WorkspaceResourceId'],
  'Microsoft.Insights/scheduledQueryRules': [
    'properties.severity', 'properties.evaluationFrequency', 'properties.windowSize', 'properties.criteria.allOf.0.threshold',
    'properties.criteria.allOf.0.failingPeriods.numberOfEvaluationPeriods', 'properties.criteria.allOf.0.failingPeriods.minFailingPeriodsToAlert',
  ],
  'Microsoft.Network/privateDnsZones/virtualNetworkLinks': ['properties.virtualNetwork.id'],
  'Microsoft.Network/privateEndpoints': ['properties.subnet.id'],
  'Microsoft.Network/virtualNetworks': ['properties.addressSpace.addressPrefixes.0'],
  'Microsoft.Network/virtualNetworks/subnets': ['properties.addressPrefix'],
  'Microsoft.Web/sites': [
    'identity.userAssignedIdentities', 'properties.serverFarmId', 'properties.keyVaultReferenceIdentity',
    'properties.functionAppConfig.deployment.storage.authentication.userAssignedIdentityResourceId',
  ],
};

/** The roles that may be given, by what they are given on. */
const roles = {
  'Microsoft.Storage/storageAccounts': ['0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3', 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'],
  'Microsoft.ServiceBus/namespaces/queues': ['090c5cfd-751d-490a-894a-3ce6f1109419'],
  'Microsoft.KeyVault/vaults': ['4633458b-17de-408a-b874-0445c86b69e6', 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7'],
  'Microsoft.Insights/components': ['3913510d-42f4-4e42-8a64-420c390055eb'],
};

/** Settings that Flex Consumption refuses or that break it. */
const forbiddenSettings = /^(FUNCTIONS_WORKER_RUNTIME|FUNCTIONS_EXTENSION_VERSION|FUNCTIONS_WORKER_PROCESS_COUNT|WEBSITE_RUN_FROM_PACKAGE|WEBSITE_CONTENT.*|WEBSITE_TIME_ZONE|TZ|SCM_DO_BUILD_DURING_DEPLOYMENT|ENABLE_ORYX_BUILD|WEBSITE_NODE_DEFAULT_VERSION)$/;
const secretText = /AccountKey=|SharedAccessKey=|SharedAccessSignature=|password=|\bsk-[A-Za-z0-9]{8}/i;
const endpointText = /(?<!privatelink[^']*)\b(core\.windows\.net|servicebus\.windows\.net|vault\.azure\.net|azurewebsites\.net)/;
const vaultReference = /^@Microsoft\.KeyVault\(SecretUri=⟨[^⟩]+⟩secrets\/[a-z0-9-]+\)$/;
const secretName = /(secret|password|connectionstring|accesskey|apikey)$/i;
const worldwide = ['Microsoft.Insights/actionGroups', 'Microsoft.Insights/metricAlerts', 'Microsoft.Network/privateDnsZones', 'Microsoft.Network/privateDnsZones/virtualNetworkLinks'];

export function checkPolicy(project, resources) {
  for (const file of project.files.values()) {
    checkFile(file, (rule, line, message) => project.report(rule, file, line, message));
  }

  for (const one of resources) {
    const report = (rule, message) => project.report(rule, one.file, one.resource.line, `${one.resource.name}: ${message}`);
    checkValues(one, report);
    if (one.type === 'Microsoft.Authorization/roleAssignments') { checkRole(one, report); }
    for (const { name, instanceCount } of at(one.body, 'properties.functionAppConfig.scaleAndConcurrency.alwaysReady') ?? []) {
      if (name !== 'http' || instanceCount === undefined) { report('policy', 'alwaysReady is for http, with a count'); }
    }

    if (one.type === 'Microsoft.Web/sites') { checkSettings(at(one.body, 'properties.siteConfig.appSettings') ?? [], report); }
  }
}

function checkFile(file, report) {
  for (const one of file.declarations.filter(one => ['param', 'output'].includes(one.keyword))) {
    const description = one.decorators.find(decorator => decorator.of?.name === 'description');
    if (!constant(description?.arguments[0])) { report('description', one.line, `${one.keyword} ${one.name} says nothing about itself`); }
    const secure = one.decorators.some(decorator => decorator.of?.name === 'secure');
    if (one.keyword === 'param' && secretName.test(one.name) && !secure) { report('secret', one.line, `${one.name} is a secret and not @secure()`); }
    const bounded = one.decorators.some(decorator => ['minValue', 'allowed'].includes(decorator.of?.name));
    if (one.keyword === 'param' && one.type.name === 'int' && !bounded) { report('bounds', one.line, `${one.name} has no least value`); }
    if (secure && one.value && constant(one.value) !== '') { report('secret', one.line, `${one.name} is a secret with a default`); }
  }

  for (const module of file.of('module')) {
    if (/^(br|ts)[:/]/.test(constant(module.target) ?? '')) { report('registry', module.line, 'modules of a registry cannot be checked offline'); }
    if (property(module.body, 'name')) { report('module-name', module.line, 'a module names its deployment itself'); }
  }

  for (const one of file.declarations) {
    for (const { expression } of everything(one)) {
      checkText(file, one, expression, report);
    }
  }

  for (const resource of file.resources.filter(resource => !resource.existing)) {
    checkPlace(resource, report);
  }
}

function checkText(file, declaration, expression, report) {
  const secrets = file.of('param').filter(one => one.decorators.some(decorator => decorator.of?.name === 'secure')).map(one => one.name);
  if (expression.kind === 'string') {
    const text = expression.parts.filter(part => typeof part === 'string').join('');
    if (secretText.test(text)) { report('secret', expression.line, 'a secret in the text'); }
    if (endpointText.test(text)) { report('endpoint', expression.line, `an endpoint is written out: ${text}`); }
  } else if (expression.kind === 'call' && /^(list[A-Z]?|newGuid$)/.test(expression.of.name)) {
    report('keys', expression.line, `${expression.of.name} is not used: no keys, and names that stay`);
  } else if (expression.kind === 'name' && declaration.keyword === 'output' && secrets.includes(expression.name)) {
    report('secret', expression.line, `the output ${declaration.name} shows ${expression.name}`);
  }
}

function checkPlace(resource, report) {
  const location = property(resource.body, 'location');
  const text = constant(location?.value);
  if (worldwide.includes(resource.type) ? text !== 'global' : text !== undefined) {
    report('location', resource.line, `${resource.name} must be ${worldwide.includes(resource.type) ? 'global' : 'where a parameter says'}`);
  }

  const child = resource.outer || property(resource.body, 'parent');
  if (!child && constant(property(resource.body, 'name')?.value) !== undefined) {
    report('name', resource.line, `${resource.name} has the same name in every deployment`);
  }
}

function checkValues({ type, body }, report) {
  for (const [path, value] of Object.entries(wanted[type] ?? {})) {
    const given = at(body, path);
    if (value instanceof Set ? !value.has(given) : given !== value) {
      report('policy', `${path} must ${value === undefined ? 'not be there' : `be ${value instanceof Set ? [...value].join(' or ') : value}`}, not ${given}`);
    }
  }

  for (const path of present[type] ?? []) {
    const given = at(body, path);
    if (given === undefined || given === '' || (given?.constructor === Object && Object.keys(given).length === 0)) { report('policy', `${path} is needed`); }
  }
}

function checkRole({ file, resource, body }, report) {
  const scope = property(resource.body, 'scope')?.value;
  const symbol = file.symbols.get(scope?.of?.name ?? scope?.name);
  const target = scope?.kind === 'nested' ? symbol?.body?.resources?.find(one => one.name === scope.name) : symbol;
  const definition = `${at(body, 'properties.roleDefinitionId')}`;
  const role = /roleDefinitions, ([0-9a-f-]{36})\)/.exec(definition)?.[1];
  if (!definition.startsWith("⟨subscriptionResourceId(Microsoft.Authorization/roleDefinitions,") || !roles[target?.type]?.includes(role)) {
    report('role', `the role ${role ?? definition} on ${target?.type} is not in the list`);
  }

  const name = `${body.name}`;
  if (!name.startsWith('⟨guid(') || !name.includes(`${role}`) || !name.includes(`${at(body, 'properties.principalId')}`) || !name.includes('.id')) {
    report('role-name', 'its name must be guid(the scope, the principal, the role)');
  }

  if (!at(body, 'properties.principalType')) { report('role', 'without a principalType a new identity may not be found yet'); }
}

function checkSettings(settings, report) {
  for (const { name, value } of settings) {
    if (forbiddenSettings.test(name)) { report('forbidden-setting', `${name} is not for Flex Consumption`); }
    if (!/^[A-Za-z0-9_.]+$/.test(name)) { report('forbidden-setting', `${name} cannot be the name of a setting on Linux`); }
    if (secretText.test(`${value}`)) { report('secret', `${name} holds a secret`); }
    if (`${value}`.startsWith('@') && !vaultReference.test(`${value}`)) { report('reference', `${name} is no reference to a secret`); }
    if (value !== null && typeof value === 'number') { report('type', `${name} must be text`); }
  }
}

/** The value at a path. */
export function at(body, path) {
  return path.split('.').reduce((of, name) => of?.[name], body);
}
