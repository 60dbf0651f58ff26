// Parameters out of the environment: azd sets the first three, and `azd env set` the others.
using 'main.bicep'

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME')
param location = readEnvironmentVariable('AZURE_LOCATION')
param operatorId = readEnvironmentVariable('AZURE_PRINCIPAL_ID', '')
param adminKeyHash = readEnvironmentVariable('FREEWAY_ADMIN_KEY_HASH', '')
param alertEmail = readEnvironmentVariable('FREEWAY_ALERT_EMAIL', '')
param cataloguePath = readEnvironmentVariable('FREEWAY_CATALOGUE', 'catalogue.json')
