metadata description = 'A storage account without shared keys: the tables and, where the app lives, its package.'

@description('Name of the account.')
@minLength(3)
@maxLength(24)
param name string

@description('Region.')
param location string

@description('Tags.')
param tags object

@description('Comes before every table name.')
param tablePrefix string

@description('Whether only private endpoints reach it.')
param private bool

@description('Principal id of the app.')
param principalId string

@description('Object id of the operator; empty for nobody.')
param operatorId string

@description('What the operator is.')
@allowed(['User', 'Group', 'ServicePrincipal'])
param operatorType string

var tableContributor = '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
var blobOwner = 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
var packages = 'app-package'
var tableNames = ['ledger', 'instances', 'keys', 'activity', 'usage', 'resets', 'catalogue', 'notices', 'responses']

resource account 'Microsoft.Storage/storageAccounts@2025-01-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: 'Standard_LRS' }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: private ? 'Disabled' : 'Enabled'
    networkAcls: {
      defaultAction: private ? 'Deny' : 'Allow'
      bypass: 'AzureServices'
    }
  }

  resource tableService 'tableServices' = {
    name: 'default'

    resource tables 'tables' = [
      for table in tableNames: {
        name: '${tablePrefix}${table}'
      }
    ]
  }

  resource blobService 'blobServices' = {
    name: 'default'

    resource container 'containers' = {
      name: packages
      properties: { publicAccess: 'None' }
    }
  }
}

resource appTables 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: account
  name: guid(account.id, principalId, tableContributor)
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', tableContributor)
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}

resource appBlobs 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: account
  name: guid(account.id, principalId, blobOwner)
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobOwner)
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}

resource operatorTables 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(operatorId)) {
  scope: account
  name: guid(account.id, operatorId, tableContributor)
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', tableContributor)
    principalId: operatorId
    principalType: operatorType
  }
}

@description('Resource id.')
output id string = account.id

@description('Name of the account.')
output name string = account.name

@description('Where the blobs are, with a slash at the end.')
output blobUri string = account.properties.primaryEndpoints.blob

@description('Where the queues are.')
output queueUri string = account.properties.primaryEndpoints.queue

@description('Where the tables are.')
output tableUri string = account.properties.primaryEndpoints.table

@description('Name of the container with the package.')
output packageContainer string = packages
