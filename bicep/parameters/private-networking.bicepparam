// Storage, queue and vault behind private endpoints.
using '../main.bicep'

param environmentName = 'private'
param location = 'swedencentral'
param privateNetworking = true
param addressPrefix = '10.40.0.0/22'
