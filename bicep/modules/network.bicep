metadata description = 'A virtual network that the app joins, and a private endpoint for each Azure service it calls.'

@description('Name of the network.')
param name string

@description('Region.')
param location string

@description('Tags.')
param tags object

@description('Address range; the first two /24 of it are used.')
param addressPrefix string

@description('Resource id of the storage account.')
param storageId string

@description('Resource id of the Service Bus namespace.')
param busId string

@description('Resource id of the vault.')
param vaultId string

var storageSuffix = environment().suffixes.storage
var zoneNames = [
  'privatelink.blob.${storageSuffix}'
  'privatelink.table.${storageSuffix}'
  'privatelink.queue.${storageSuffix}'
  'privatelink.servicebus.windows.net'
  'privatelink.vaultcore.azure.net'
]
// Each with the index of its zone.
var endpointList = [
  { name: 'blob', part: 'blob', zone: 0 }
  { name: 'table', part: 'table', zone: 1 }
  { name: 'queue', part: 'queue', zone: 2 }
  { name: 'bus', part: 'namespace', zone: 3 }
  { name: 'vault', part: 'vault', zone: 4 }
]

resource network 'Microsoft.Network/virtualNetworks@2024-07-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: [addressPrefix] }
  }

  resource appSubnet 'subnets' = {
    name: 'app'
    properties: {
      addressPrefix: cidrSubnet(addressPrefix, 24, 0)
      delegations: [
        {
          name: 'app'
          properties: { serviceName: 'Microsoft.App/environments' }
        }
      ]
    }
  }

  resource endpointSubnet 'subnets' = {
    name: 'endpoints'
    properties: {
      addressPrefix: cidrSubnet(addressPrefix, 24, 1)
      privateEndpointNetworkPolicies: 'Disabled'
    }
    // A network takes one change at a time.
    dependsOn: [appSubnet]
  }
}

resource zones 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for zone in zoneNames: {
    name: zone
    location: 'global'
    tags: tags
  }
]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (zone, i) in zoneNames: {
    parent: zones[i]
    name: name
    location: 'global'
    tags: tags
    properties: {
      registrationEnabled: false
      virtualNetwork: { id: network.id }
    }
  }
]

resource endpoints 'Microsoft.Network/privateEndpoints@2024-07-01' = [
  for endpoint in endpointList: {
    name: '${name}-${endpoint.name}'
    location: location
    tags: tags
    properties: {
      subnet: { id: network::endpointSubnet.id }
      privateLinkServiceConnections: [
        {
          name: endpoint.name
          properties: {
            privateLinkServiceId: endpoint.name == 'bus' ? busId : endpoint.name == 'vault' ? vaultId : storageId
            groupIds: [endpoint.part]
          }
        }
      ]
    }
  }
]

resource zoneGroups 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-07-01' = [
  for (endpoint, i) in endpointList: {
    parent: endpoints[i]
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [
        {
          name: endpoint.part
          properties: { privateDnsZoneId: zones[endpoint.zone].id }
        }
      ]
    }
  }
]

@description('The subnet that the app is joined to. Whoever reads it waits for the endpoints and their names too.')
output appSubnetId string = network::appSubnet.id
