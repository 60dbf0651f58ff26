metadata description = 'Freeway on Azure without keys: a Flex Consumption app, storage, queue, vault and monitoring.'

targetScope = 'subscription'

@description('Name of this environment. Every resource name is derived from it, the subscription and the region.')
@minLength(1)
@maxLength(40)
param environmentName string

// The command az functionapp list-flexconsumption-locations lists them.
@description('Region of everything: one that offers Flex Consumption.')
@minLength(1)
param location string

@description('The resource group that is made, or used if it is there.')
@minLength(1)
@maxLength(90)
param resourceGroupName string = 'rg-${environmentName}'

@description('Object id of who may read and write the tables and set upstream keys, e.g. you. Empty for nobody.')
@maxLength(36)
param operatorId string = ''

@description('What the operator is.')
@allowed(['User', 'Group', 'ServicePrincipal'])
param operatorType string = 'User'

@description('SHA-256 of the admin key as 64 hex digits. Empty: the admin endpoints refuse everybody.')
@maxLength(64)
param adminKeyHash string = ''

@description('Web origins whose pages may call, with commas between; * for all. Empty for none.')
param corsOrigins string = ''

@description('Catalogue file in the published folder.')
@minLength(1)
param cataloguePath string = 'catalogue.json'

@description('Prefix of every table name, for deployments that share an account. Letters and digits, a letter first.')
@maxLength(40)
param tablePrefix string = ''

@description('Base URLs that go before those in the catalogue: upstream name to URL.')
param upstreamUrls object = {}

@description('Settings to change or add, by the names in docs/settings.md. Secrets go into the vault instead.')
param settings object = {}

@description('Memory of an instance in MB.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@description('The most instances of each function group. Some regions still want at least 40.')
@minValue(1)
@maxValue(1000)
param maximumInstanceCount int = 100

@description('Always-ready instances for HTTP. 0 costs nothing between requests; 1 spares callers cold starts.')
@minValue(0)
@maxValue(100)
param alwaysReadyInstances int = 0

@description('Requests that one instance takes at once. A stream takes a place for as long as it runs.')
@minValue(1)
@maxValue(1000)
param httpConcurrency int = 100

// RollingUpdate is in preview and not in every region.
@description('How updates reach running instances: RollingUpdate lets streams end, Recreate cuts them.')
@allowed(['RollingUpdate', 'Recreate'])
param updateStrategy string = 'RollingUpdate'

@description('Puts storage, queue and vault behind private endpoints. Service Bus becomes Premium, billed by the hour.')
param privateNetworking bool = false

@description('Address range of the virtual network, a /22 or larger; only with privateNetworking.')
param addressPrefix string = '10.40.0.0/22'

@description('Who is told of alerts. Empty: alerts fire, and nobody is written to.')
param alertEmail string = ''

@description('Monthly budget of the resource group in the subscription\'s currency; needs alertEmail. Null for none.')
@minValue(1)
param monthlyBudget int?

@description('First day of the budget, the first of a month.')
param budgetStart string = utcNow('yyyy-MM-01')

@description('How long logs are kept, in days.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 30

@description('The most logs of a day, in GB; what comes after is dropped. -1 for no limit.')
@minValue(-1)
@maxValue(1000)
param dailyLogCapGb int = 5

@description('Tags of every resource, beside the one that azd looks for.')
param tags object = {}

var token = uniqueString(subscription().id, environmentName, location)
var allTags = union(tags, { 'azd-env-name': environmentName })
var queueName = 'activity'

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: resourceGroupName
  location: location
  tags: allTags
}

module identity 'modules/identity.bicep' = {
  scope: group
  params: {
    name: 'id-${token}'
    location: location
    tags: allTags
  }
}

module monitoring 'modules/monitoring.bicep' = {
  scope: group
  params: {
    workspaceName: 'log-${token}'
    insightsName: 'appi-${token}'
    location: location
    tags: allTags
    retentionDays: logRetentionDays
    dailyCapGb: dailyLogCapGb
    principalId: identity.outputs.principalId
  }
}

module storage 'modules/storage.bicep' = {
  scope: group
  params: {
    name: 'st${token}'
    location: location
    tags: allTags
    tablePrefix: tablePrefix
    private: privateNetworking
    principalId: identity.outputs.principalId
    operatorId: operatorId
    operatorType: operatorType
  }
}

module bus 'modules/service-bus.bicep' = {
  scope: group
  params: {
    name: 'sb-${token}'
    location: location
    tags: allTags
    queueName: queueName
    private: privateNetworking
    principalId: identity.outputs.principalId
  }
}

module vault 'modules/vault.bicep' = {
  scope: group
  params: {
    name: 'kv-${token}'
    location: location
    tags: allTags
    private: privateNetworking
    principalId: identity.outputs.principalId
    operatorId: operatorId
    operatorType: operatorType
  }
}

module network 'modules/network.bicep' = if (privateNetworking) {
  scope: group
  params: {
    name: 'vnet-${token}'
    location: location
    tags: allTags
    addressPrefix: addressPrefix
    storageId: storage.outputs.id
    busId: bus.outputs.id
    vaultId: vault.outputs.id
  }
}

module app 'modules/function-app.bicep' = {
  scope: group
  params: {
    name: 'func-${token}'
    planName: 'plan-${token}'
    location: location
    tags: allTags
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    blobUri: storage.outputs.blobUri
    queueUri: storage.outputs.queueUri
    tableUri: storage.outputs.tableUri
    packageContainer: storage.outputs.packageContainer
    busHost: bus.outputs.host
    queueName: queueName
    vaultUri: vault.outputs.uri
    insightsConnection: monitoring.outputs.connection
    adminKeyHash: adminKeyHash
    corsOrigins: corsOrigins
    cataloguePath: cataloguePath
    tablePrefix: tablePrefix
    upstreamUrls: upstreamUrls
    settings: settings
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    alwaysReadyInstances: alwaysReadyInstances
    httpConcurrency: httpConcurrency
    updateStrategy: updateStrategy
    subnetId: privateNetworking ? network!.outputs.appSubnetId : ''
  }
}

module alerts 'modules/alerts.bicep' = {
  scope: group
  params: {
    token: token
    location: location
    tags: allTags
    email: alertEmail
    workspaceId: monitoring.outputs.workspaceId
    storageId: storage.outputs.id
    busId: bus.outputs.id
    queueName: queueName
  }
}

module budget 'modules/budget.bicep' = if (monthlyBudget != null && !empty(alertEmail)) {
  scope: group
  params: {
    name: 'budget-${token}'
    amount: monthlyBudget!
    startDate: budgetStart
    email: alertEmail
  }
}

@description('Where callers go: this and /api/v1 is the base URL of an OpenAI client.')
output FREEWAY_URL string = app.outputs.url

@description('The function app.')
output FREEWAY_APP_NAME string = app.outputs.name

@description('The resource group.')
output AZURE_RESOURCE_GROUP string = group.name

@description('The storage account with the tables.')
output FREEWAY_STORAGE_NAME string = storage.outputs.name

@description('The Service Bus namespace, with its domain.')
output FREEWAY_BUS_HOST string = bus.outputs.host

@description('The vault for upstream keys.')
output FREEWAY_VAULT_NAME string = vault.outputs.name

@description('Client id of the identity that the app runs as.')
output FREEWAY_IDENTITY_CLIENT_ID string = identity.outputs.clientId
