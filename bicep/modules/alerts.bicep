metadata description = 'What an operator is woken for. Each names what to look at.'

@description('Ends every name.')
param token string

@description('Region of the rules that query logs.')
param location string

@description('Tags.')
param tags object

@description('Who is written to; empty for nobody.')
param email string

@description('Resource id of the workspace.')
param workspaceId string

@description('Resource id of the storage account.')
param storageId string

@description('Resource id of the Service Bus namespace.')
param busId string

@description('Name of the activity queue.')
param queueName string

var receivers = empty(email)
  ? []
  : [
      {
        name: 'operator'
        emailAddress: email
        useCommonAlertSchema: true
      }
    ]

// Each query yields one row with the column Bad; above the threshold in as many evaluations as said, it fires.
var queries = [
  {
    name: 'server-errors'
    text: 'Requests that Freeway answered with 5xx. See which upstream: GET /api/v1/activity, and /health/ready.'
    severity: 2
    // The host's own requests: those that the worker tells of are the same ones once more, and are sampled.
    query: '''
      AppRequests
      | where isempty(tostring(Properties["freeway.request.id"]))
      | where toint(ResultCode) >= 500
      | summarize Bad = sum(ItemCount)
    '''
    every: 'PT5M'
    window: 'PT5M'
    threshold: 10
    times: 2
  }
  {
    name: 'no-daily-reset'
    text: 'No day was closed for 25 hours, so daily usage is late. POST /api/v1/admin/resets closes what is due.'
    severity: 2
    query: '''
      union
        (AppMetrics | where Name endswith "DailyReset Successes" and Sum > 0 | project TimeGenerated),
        (AppRequests | where Name endswith "DailyReset" and Success | project TimeGenerated),
        (AppDependencies | where Name endswith "DailyReset" and Success | project TimeGenerated)
      | where TimeGenerated > ago(25h)
      | summarize Runs = count()
      | project Bad = iff(Runs == 0, 1, 0)
    '''
    every: 'PT1H'
    window: 'P2D'
    threshold: 0
    times: 1
  }
  {
    name: 'old-outbox'
    text: 'Activity records have waited over five minutes for the queue. See the Service Bus namespace; none is lost.'
    severity: 2
    query: '''
      union
        (AppMetrics | where Name == "freeway.outbox.age" | project Waited = Sum),
        (AppTraces
        | parse Message with "Activity records have waited " Seconds:long " s" *
        | where isnotnull(Seconds)
        | project Waited = todouble(Seconds))
      | summarize Bad = max(Waited)
    '''
    every: 'PT5M'
    window: 'PT5M'
    threshold: 300
    times: 1
  }
  {
    name: 'alarms'
    text: 'Freeway has an alarm on. GET /health/ready says which and since when; docs/telemetry.md says what to do.'
    severity: 2
    query: '''
      union
        (AppMetrics | where Name == "freeway.alarm" and Sum > 0 | project TimeGenerated),
        (AppTraces
        | parse Message with "Alarm " * " has lasted " Minutes:long " min" *
        | where isnotnull(Minutes)
        | project TimeGenerated)
      | summarize Bad = count()
    '''
    every: 'PT5M'
    window: 'PT15M'
    threshold: 0
    times: 1
  }
  {
    name: 'own-refusals'
    text: 'Freeway refuses what it should serve: storage is slow or away, or an instance is full. See the workbook.'
    severity: 2
    query: '''
      AppMetrics
      | where Name == "freeway.refusals"
      | where tostring(Properties.code) in
        ("internal_error", "outcome_unknown", "overloaded", "quota_unavailable", "storage_unavailable")
      | summarize Bad = sum(Sum)
    '''
    every: 'PT5M'
    window: 'PT5M'
    threshold: 10
    times: 2
  }
  {
    name: 'upstream-failures'
    text: 'More than half of 20 or more attempts at an upstream have failed. See GET /api/v1/admin/upstreams.'
    severity: 2
    query: '''
      AppMetrics
      | where Name == "freeway.upstream.attempts" and tostring(Properties.outcome) != "parked"
      | extend Failed = tostring(Properties.outcome) in ("broken", "server_error", "timeout", "unreachable")
      | summarize Attempts = sum(Sum), Failures = sumif(Sum, Failed) by Upstream = tostring(Properties.upstream)
      | project Bad = iff(Attempts >= 20, 100 * Failures / Attempts, 0.0)
    '''
    every: 'PT5M'
    window: 'PT15M'
    threshold: 50
    times: 1
  }
]

resource group 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'ag-${token}'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'freeway'
    enabled: true
    emailReceivers: receivers
  }
}

resource deadLetters 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'dead-letters-${token}'
  location: 'global'
  tags: tags
  properties: {
    description: 'Activity records that could not be written. The dead-letter queue of ${queueName} has the reasons.'
    severity: 1
    enabled: true
    scopes: [busId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT5M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'dead'
          metricName: 'DeadletteredMessages'
          dimensions: [
            {
              name: 'EntityName'
              operator: 'Include'
              values: [queueName]
            }
          ]
          operator: 'GreaterThan'
          threshold: 0
          timeAggregation: 'Maximum'
        }
      ]
    }
    actions: [
      { actionGroupId: group.id }
    ]
  }
}

resource throttling 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'storage-throttling-${token}'
  location: 'global'
  tags: tags
  properties: {
    description: 'Table Storage throttles. One org may be too busy for its partition, or the account for its region.'
    severity: 2
    enabled: true
    scopes: [storageId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'throttled'
          metricName: 'Transactions'
          dimensions: [
            {
              name: 'ResponseType'
              operator: 'Include'
              values: ['ServerBusyError', 'ClientThrottlingError', 'ClientAccountRequestThrottlingError']
            }
          ]
          operator: 'GreaterThan'
          threshold: 20
          timeAggregation: 'Total'
        }
      ]
    }
    actions: [
      { actionGroupId: group.id }
    ]
  }
}

resource rules 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for rule in queries: {
    name: '${rule.name}-${token}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      description: rule.text
      severity: rule.severity
      enabled: true
      scopes: [workspaceId]
      evaluationFrequency: rule.every
      windowSize: rule.window
      // The tables come with the first telemetry.
      skipQueryValidation: true
      autoMitigate: true
      criteria: {
        allOf: [
          {
            query: rule.query
            metricMeasureColumn: 'Bad'
            timeAggregation: 'Maximum'
            operator: 'GreaterThan'
            threshold: rule.threshold
            failingPeriods: {
              numberOfEvaluationPeriods: rule.times
              minFailingPeriodsToAlert: rule.times
            }
          }
        ]
      }
      actions: {
        actionGroups: [group.id]
      }
    }
  }
]
