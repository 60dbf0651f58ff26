metadata description = 'The function app on Flex Consumption, with every setting that it reads.'

@description('Name of the app.')
@minLength(2)
@maxLength(60)
param name string

@description('Name of the plan; Flex Consumption takes one app each.')
param planName string

@description('Region.')
param location string

@description('Tags.')
param tags object

@description('Resource id of the identity that the app runs as.')
param identityId string

@description('Client id of that identity.')
param identityClientId string

@description('Blob endpoint of the storage account, with a slash at the end.')
param blobUri string

@description('Its queue endpoint.')
param queueUri string

@description('Its table endpoint.')
param tableUri string

@description('Container that the package is published to.')
param packageContainer string

@description('The Service Bus namespace with its domain.')
param busHost string

@description('Name of the activity queue.')
param queueName string

@description('Where the vault with upstream keys is, with a slash at the end.')
param vaultUri string

@description('Where telemetry goes.')
param insightsConnection string

@description('SHA-256 of the admin key; empty for none.')
param adminKeyHash string

@description('Web origins whose pages may call.')
param corsOrigins string

@description('Catalogue file in the published folder.')
param cataloguePath string

@description('Comes before every table name.')
param tablePrefix string

@description('Upstream name to the base URL that goes before the one in the catalogue.')
param upstreamUrls object

@description('Settings that go before those below.')
param settings object

@description('Memory of an instance in MB.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int

@description('The most instances of each function group.')
@minValue(1)
@maxValue(1000)
param maximumInstanceCount int

@description('Instances for HTTP that are always there.')
@minValue(0)
param alwaysReadyInstances int

@description('Requests that one instance takes at once.')
@minValue(1)
@maxValue(1000)
param httpConcurrency int

@description('How updates reach running instances.')
@allowed(['RollingUpdate', 'Recreate'])
param updateStrategy string

@description('Subnet that the app is joined to; empty for none.')
param subnetId string

// Upstreams come from the catalogue, so that one added there has its settings here without another edit.
var entries = items(any(loadJsonContent('../../catalogue.json').upstreams))
var presets = {
  apilaplas: loadJsonContent('../../presets/upstreams/apilaplas.json')
  cerebras: loadJsonContent('../../presets/upstreams/cerebras.json')
  'cloudflare-workers-ai': loadJsonContent('../../presets/upstreams/cloudflare-workers-ai.json')
  fastrouter: loadJsonContent('../../presets/upstreams/fastrouter.json')
  fireworks: loadJsonContent('../../presets/upstreams/fireworks.json')
  gemini: loadJsonContent('../../presets/upstreams/gemini.json')
  groq: loadJsonContent('../../presets/upstreams/groq.json')
  'hugging-face': loadJsonContent('../../presets/upstreams/hugging-face.json')
  hyperbolic: loadJsonContent('../../presets/upstreams/hyperbolic.json')
  lunos: loadJsonContent('../../presets/upstreams/lunos.json')
  nvidia: loadJsonContent('../../presets/upstreams/nvidia.json')
  openai: loadJsonContent('../../presets/upstreams/openai.json')
  openrouter: loadJsonContent('../../presets/upstreams/openrouter.json')
  sarvam: loadJsonContent('../../presets/upstreams/sarvam.json')
  'vercel-ai-gateway': loadJsonContent('../../presets/upstreams/vercel-ai-gateway.json')
}
var upstreams = map(entries, entry => {
  key: entry.key
  value: contains(entry.value, 'preset') ? union(presets[entry.value.preset], entry.value) : entry.value
})
// A hyphen cannot be in the name of a setting on Linux: such an upstream keeps the URL of the catalogue.
var movable = filter(upstreams, upstream => !contains(upstream.key, '-'))
var withKey = filter(upstreams, upstream => contains(upstream.value, 'key_setting'))
var keyNames = union(map(withKey, upstream => upstream.value.key_setting), [])

var urlSettings = toObject(
  movable,
  upstream => 'Freeway__Upstreams__${upstream.key}__BaseUrl',
  upstream => upstreamUrls[?upstream.key] ?? ''
)

// A reference whose secret is not there counts as no key: its upstream is not called.
var keySettings = toObject(
  keyNames,
  keyName => keyName,
  keyName => '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/${toLower(replace(keyName, '_', '-'))})'
)

var connections = {
  AzureWebJobsStorage__blobServiceUri: blobUri
  AzureWebJobsStorage__queueServiceUri: queueUri
  AzureWebJobsStorage__tableServiceUri: tableUri
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identityClientId
  ServiceBus__fullyQualifiedNamespace: busHost
  ServiceBus__credential: 'managedidentity'
  ServiceBus__clientId: identityClientId
  ActivityQueueName: queueName
  APPLICATIONINSIGHTS_CONNECTION_STRING: insightsConnection
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
}

var behaviour = {
  Freeway__CataloguePath: cataloguePath
  Freeway__TablePrefix: tablePrefix
  Freeway__AdminKeyHash: adminKeyHash
  Freeway__CorsOrigins: corsOrigins
  Freeway__ActivityMonths: '13'
  Freeway__MaxRequestBytes: '20000000'
  Freeway__MaxUploadBytes: '26214400'
  Freeway__MaxHeaderBytes: '24576'
  Freeway__AllowHttpUpstreams: 'false'
  Freeway__AllowPrivateUpstreams: 'false'
  Freeway__Upstream__Connect: '00:00:05'
  Freeway__Upstream__ConnectRetries: '2'
  Freeway__Upstream__ConnectPause: '00:00:00.2'
  Freeway__Upstream__LongestRetryAfter: '1.00:00:00'
  Freeway__Upstream__SendTrace: 'false'
  Freeway__Upstream__FirstByte: '00:02:00'
  Freeway__Upstream__Total: '00:09:00'
  Freeway__Output__LeastCeiling: '256'
  Freeway__Relay__Heartbeat: '00:00:15'
  Freeway__Relay__UpstreamSilence: '00:02:00'
  Freeway__Relay__UpstreamFarewell: '00:00:02'
  Freeway__Relay__LongestEvent: '1048576'
  Freeway__Ledger__ReserveDeadline: '00:00:08'
  Freeway__Ledger__OpenRefusalAge: '00:00:01'
  Freeway__Ledger__SettledRefusalAge: '00:00:30'
  Freeway__Ledger__LeaseLasts: '00:10:00'
  Freeway__Ledger__OutageBackOff: '00:00:01'
  Freeway__Ledger__HeartbeatEvery: '00:00:10'
  Freeway__Ledger__StaleAfter: '00:01:30'
  Freeway__Ledger__LandsWithin: '00:05:00'
  Freeway__Ledger__IdleAfter: '00:10:00'
  Freeway__Ledger__SpareFor: '00:00:05'
  Freeway__Ledger__RowsInMemory: '20000'
  Freeway__Ledger__LowCreditUsd: '1'
  Freeway__EndUsers__Salt: ''
  Freeway__EndUsers__RowsPerDay: '100000'
  Freeway__Cache__AnswersPerKey: '500'
  Freeway__Cache__LongestAnswer: '262144'
  Freeway__Notices__AllowPrivateReceivers: 'false'
  Freeway__Notices__KeepDays: '90'
  Freeway__SignUp__Plan: ''
  Freeway__SignUp__BaseUrl: ''
  Freeway__SignUp__Issuer: ''
  Freeway__SignUp__ClientId: ''
  Freeway__SignUp__ClientSecret: ''
  Freeway__SignUp__ProviderName: ''
  Freeway__SignUp__TermsVersion: ''
  Freeway__SignUp__TermsUrl: ''
  Freeway__SignUp__InvitationOnly: 'false'
  Freeway__SignUp__PerDay: '100'
  Freeway__SignUp__PerAddressPerDay: '3'
  Freeway__SignUp__ForwardedHops: '1'
  Freeway__SignUp__BlockedEmailDomains: ''
  Freeway__SignUp__KeysPerPerson: '10'
  Freeway__SignUp__SessionHours: '12'
  Freeway__Telemetry__OtlpEndpoint: ''
  Freeway__Telemetry__OtlpHeaders: ''
  Freeway__Telemetry__OtlpProtocol: ''
  // Each trace is some KB of logs to be paid for; metrics and logs, by which the alerts go, are always whole.
  Freeway__Telemetry__SampleRatio: '0.1'
}

var allSettings = union(connections, behaviour, urlSettings, keySettings, settings)

resource plan 'Microsoft.Web/serverfarms@2024-11-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: { reserved: true }
}

resource app 'Microsoft.Web/sites@2024-11-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'freeway' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    clientAffinityEnabled: false
    publicNetworkAccess: 'Enabled'
    keyVaultReferenceIdentity: identityId
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    functionAppConfig: {
      runtime: {
        name: 'dotnet-isolated'
        version: '10.0'
      }
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${blobUri}${packageContainer}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
        alwaysReady: alwaysReadyInstances == 0
          ? []
          : [
              {
                name: 'http'
                instanceCount: alwaysReadyInstances
              }
            ]
        triggers: {
          http: { perInstanceConcurrency: httpConcurrency }
        }
      }
      #disable-next-line BCP037 // newer than the type definitions of this API version
      siteUpdateStrategy: { type: updateStrategy }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      ftpsState: 'Disabled'
      http20Enabled: true
      appSettings: [
        for setting in items(allSettings): {
          name: setting.key
          value: setting.value
        }
      ]
    }
  }
}

@description('Where callers go.')
output url string = 'https://${app.properties.defaultHostName}'

@description('Name of the app.')
output name string = app.name
