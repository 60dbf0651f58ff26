// What a million admitted requests cost on Azure, from the operations that Freeway does for them. Prints docs/deploy.md's table.
//   node eng/costs.mjs
// The operations were counted between a Freeway and its Azurite, by a proxy, for demo/echo:free under two limits: five requests
// that came alone, and 640 each by 8 and by 64 callers of one org. Prices are US list prices of 2025 in USD: look yours up.
const prices = {
  tableCall: 0.00036 / 10_000, // LRS; a transaction of up to 100 rows is one
  tableGbMonth: 0.045,
  busCall: 0.80 / 1e6, // Standard, beyond the first 13 million a month
  busMonth: 9.81, // Standard, those 13 million included
  execution: 0.40 / 1e6, // Flex Consumption, on demand, beyond the first 250,000 a month
  gbSecond: 0.000026, // beyond the first 100,000 a month
  logGb: 2.30,
};
const instance = { gb: 2, leastSeconds: 1 };
const request = { seconds: 3, recordBytes: 1024, logBytes: 2048 };
const million = 1e6;

/** Table calls of one request: those for the ledger, for its record, and for the key, which is remembered for 30 s. */
const shapes = [
  { name: 'one at a time', together: 1, tableCalls: 3 + 2 + 0.4 },
  { name: '8 at once', together: 8, tableCalls: 598 / 640 },
  { name: '64 at once', together: 64, tableCalls: 86 / 640 },
];

function cost({ together, tableCalls }) {
  // Sent, received and completed; records of callers who are there at the same time share a send.
  const busCalls = 1 / together + 2;
  // The record's batch is an execution on an instance of its own.
  const executions = 1 + 1 / together;
  const gbSeconds = (request.seconds + instance.leastSeconds) * instance.gb / together;
  const parts = [
    tableCalls * prices.tableCall,
    request.recordBytes / 1e9 * prices.tableGbMonth,
    busCalls * prices.busCall,
    executions * prices.execution,
    gbSeconds * prices.gbSecond,
    request.logBytes / 1e9 * prices.logGb,
  ].map(part => part * million);
  return { tableCalls, busCalls, gbSeconds, parts, sum: parts.reduce((a, b) => a + b) };
}

const usd = amount => amount.toFixed(2);
const month = 30 * 24 * 3600;
const timers = month / 60 * instance.leastSeconds * instance.gb;
console.log('| a million requests, | table calls each | tables | records kept a month | Service Bus | executions | compute | logs | USD |');
console.log('|---|---|---|---|---|---|---|---|---|');
for (const shape of shapes) {
  const { tableCalls, parts, sum } = cost(shape);
  console.log(`| ${shape.name} | ${usd(tableCalls)} | ${parts.map(usd).join(' | ')} | **${usd(sum)}** |`);
}

console.log();
console.log(`With no request at all a month costs ${usd(prices.busMonth)} USD for Service Bus Standard, which includes 13 million operations; the timers`);
console.log(`use ${timers.toLocaleString('en')} of the ${(100_000).toLocaleString('en')} GB-seconds that are free.`);
