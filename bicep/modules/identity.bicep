metadata description = 'The identity that the app runs as. It outlives the app, so that roles need not be given again.'

@description('Name of the identity.')
param name string

@description('Region.')
param location string

@description('Tags.')
param tags object

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: name
  location: location
  tags: tags
}

@description('Resource id.')
output id string = identity.id

@description('What the app signs in with.')
output clientId string = identity.properties.clientId

@description('Whom roles are given to.')
output principalId string = identity.properties.principalId
