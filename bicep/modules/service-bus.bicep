metadata description = 'The namespace and the activity queue. SAS keys are off.'

@description('Name of the namespace.')
@minLength(6)
@maxLength(50)
param name string

@description('Region.')
param location string

@description('Tags.')
param tags object

@description('Name of the queue.')
@minLength(1)
param queueName string

@description('Whether only private endpoints reach it, which takes Premium.')
param private bool

@description('Principal id of the app.')
param principalId string

// Sending and receiving would take less; reading the queue's length, by which the app is scaled, takes the owner.
var busOwner = '090c5cfd-751d-490a-894a-3ce6f1109419'
var tier = private ? 'Premium' : 'Standard'

resource namespace 'Microsoft.ServiceBus/namespaces@2024-01-01' = {
  name: name
  location: location
  tags: tags
  sku: {
    name: tier
    tier: tier
  }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
    publicNetworkAccess: private ? 'Disabled' : 'Enabled'
  }

  resource queue 'queues' = {
    name: queueName
    properties: {
      requiresDuplicateDetection: true
      duplicateDetectionHistoryTimeWindow: 'PT10M'
      deadLetteringOnMessageExpiration: true
      defaultMessageTimeToLive: 'P14D'
      lockDuration: 'PT1M'
      maxDeliveryCount: 10
      maxSizeInMegabytes: 5120
      enableBatchedOperations: true
      requiresSession: false
    }
  }
}

resource own 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: namespace::queue
  name: guid(namespace::queue.id, principalId, busOwner)
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', busOwner)
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}

@description('Resource id.')
output id string = namespace.id

@description('The namespace with its domain.')
output host string = replace(replace(namespace.properties.serviceBusEndpoint, 'https://', ''), ':443/', '')
