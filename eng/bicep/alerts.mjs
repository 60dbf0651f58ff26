// Alerts: those that are wanted are there, tell somebody, and ask for what Azure and the code really have.
import { at } from './policy.mjs';

const wanted = {
  'Microsoft.Insights/metricAlerts': ['DeadletteredMessages', 'Transactions'],
  'Microsoft.Insights/scheduledQueryRules': ['server-errors', 'no-daily-reset', 'old-outbox', 'alarms'],
};

/** Metrics with their dimensions and the values that these may have; null for any. */
const metrics = {
  DeadletteredMessages: { EntityName: null },
  Transactions: { ResponseType: ['ServerBusyError', 'ClientThrottlingError', 'ClientAccountRequestThrottlingError'] },
};

/** All words of our queries that are neither text nor defined in the query itself. */
const queryWords = new Set([
  'AppMetrics', 'AppRequests', 'AppTraces', 'ItemCount', 'Message', 'Name', 'ResultCode', 'Success', 'Sum', 'TimeGenerated',
  'union', 'where', 'summarize', 'project', 'parse', 'with', 'and', 'endswith',
  'ago', 'count', 'iff', 'isnotnull', 'long', 'max', 'sum', 'toint', 'h',
]);

export function checkAlerts(of, contract, report) {
  for (const [type, names] of Object.entries(wanted)) {
    const rules = of(type);
    const texts = rules.map(rule => JSON.stringify(rule.body));
    for (const name of names.filter(name => !texts.some(text => text.includes(name)))) { report('alert', `there is no alert for ${name}`); }
    for (const rule of rules.filter(rule => rule.body.properties.enabled !== true || !JSON.stringify(rule.body.properties.actions ?? null).includes('group'))) {
      report('alert', `${rule.body.name} tells nobody`, rule);
    }
  }

  of('Microsoft.Insights/metricAlerts').forEach(rule => checkMetrics(rule, report));
  of('Microsoft.Insights/scheduledQueryRules').forEach(rule => checkQuery(rule, contract, report));
}

function checkMetrics(rule, report) {
  for (const { metricName, dimensions } of at(rule.body, 'properties.criteria.allOf') ?? []) {
    for (const { name, operator, values } of dimensions ?? []) {
      const known = metrics[metricName]?.[name];
      const wrong = known === undefined ? name : operator !== 'Include' ? operator : values.find(value => known && !known.includes(value));
      if (wrong !== undefined) { report('alert', `${metricName} does not know ${wrong}`, rule); }
    }
  }
}

function checkQuery(rule, contract, report) {
  const query = `${at(rule.body, 'properties.criteria.allOf.0.query')}`;
  const named = [...query.matchAll(/"(\w+) (\w+)"|Name == "(\w+)"/g)].filter(match => !match[2] || match[2] !== 'Successes' || !contract.functions.includes(match[1]));
  for (const match of named.filter(match => match[2] || !contract.functions.includes(match[3]))) { report('alert', `there is no function ${match[1] ?? match[3]}`, rule); }
  const message = /parse Message with "([^"]+)"/.exec(query)?.[1];
  if (message && !contract.messages.some(one => one.startsWith(message))) { report('alert', `nobody logs '${message}…'`, rule); }

  const bare = query.replaceAll(/"[^"]*"/g, '');
  const defined = new Set([...bare.matchAll(/(\w+) = |(\w+):long/g)].map(match => match[1] ?? match[2]));
  const strange = [...bare.matchAll(/[A-Za-z]+/g)].map(match => match[0]).filter(word => !queryWords.has(word) && !defined.has(word));
  for (const word of strange) { report('alert', `'${word}' is not known in queries here`, rule); }
  if (!defined.has(at(rule.body, 'properties.criteria.allOf.0.metricMeasureColumn'))) { report('alert', 'the query does not yield the column that is measured', rule); }
}
