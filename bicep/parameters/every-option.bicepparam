// Every option at once.
using '../main.bicep'

param environmentName = 'every'
param location = 'swedencentral'
param resourceGroupName = 'freeway-every'
param operatorId = '00000000-0000-0000-0000-000000000001'
param operatorType = 'Group'
param adminKeyHash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
param corsOrigins = 'https://app.example.com'
param cataloguePath = 'catalogue.json'
param tablePrefix = 'freeway'
param upstreamUrls = { sarvam: 'https://sarvam.example.com/v1' }
param settings = { Freeway__ActivityMonths: '6' }
param instanceMemoryMB = 4096
param maximumInstanceCount = 40
param alwaysReadyInstances = 1
param httpConcurrency = 50
param updateStrategy = 'Recreate'
param privateNetworking = true
param addressPrefix = '10.41.0.0/22'
param alertEmail = 'operator@example.com'
param monthlyBudget = 100
param budgetStart = '2026-01-01'
param logRetentionDays = 90
param dailyLogCapGb = 10
param tags = { team: 'platform' }
