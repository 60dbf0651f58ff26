// A second storage account in another region.
using '../main.bicep'

param environmentName = 'sharded'
param location = 'swedencentral'
param shardLocation = 'westeurope'
