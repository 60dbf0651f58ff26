// Backs up Freeway's tables to a file of one JSON line per row, and restores them from it.
//   node eng/tables.mjs backup  ACCOUNT FILE [PREFIX]
//   node eng/tables.mjs restore ACCOUNT FILE [PREFIX]     into tables without rows
// ACCOUNT is a storage account's name, for which `az login` must have been done, or a connection string, e.g. Azurite's.
// PREFIX is Freeway__TablePrefix; the file knows nothing of it.
import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { closeSync, createReadStream, openSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';

const tables = ['ledger', 'instances', 'keys', 'activity', 'usage', 'resets', 'catalogue', 'notices'];
const atOnce = 32;
const [command, account, file, prefix = ''] = process.argv.slice(2);
const service = connect(account);

function connect(text) {
  const part = name => new RegExp(`${name}=([^;]+)`).exec(text)?.[1];
  const key = part('AccountKey');
  if (!key) {
    const token = execFileSync('az', ['account', 'get-access-token', '--resource', 'https://storage.azure.com', '--query', 'accessToken', '-o', 'tsv'], { encoding: 'utf8' }).trim();
    return { url: `https://${text}.table.core.windows.net`, authorize: () => `Bearer ${token}` };
  }

  const name = part('AccountName');
  const sign = (date, path) => createHmac('sha256', Buffer.from(key, 'base64')).update(`${date}\n/${name}${path}`).digest('base64');
  return { url: part('TableEndpoint').replace(/\/$/, ''), authorize: (date, path) => `SharedKeyLite ${name}:${sign(date, path)}` };
}

async function call(method, path, body) {
  const url = new URL(service.url + path);
  const date = new Date().toUTCString();
  const answer = await fetch(url, {
    method,
    headers: {
      authorization: service.authorize(date, url.pathname),
      'x-ms-date': date,
      'x-ms-version': '2020-12-06',
      accept: 'application/json;odata=fullmetadata',
      ...(body ? { 'content-type': 'application/json', prefer: 'return-no-content' } : {}),
    },
    body: body && JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok && !(path === '/Tables' && answer.status === 409)) {
    throw new Error(`${method} ${url.pathname}: ${answer.status} ${text.slice(0, 300)}`);
  }

  return { headers: answer.headers, rows: text && method === 'GET' ? JSON.parse(text).value : [] };
}

async function backup() {
  const out = openSync(file, 'wx');
  let count = 0;
  for (const table of tables) {
    let next = '';
    do {
      const { headers, rows } = await call('GET', `/${prefix}${table}()?$top=1000${next}`);
      for (const row of rows) {
        // What the service adds to a row is not the row's.
        const own = Object.entries(row).filter(([name]) => !/^(odata\.|Timestamp)/.test(name));
        writeSync(out, `${JSON.stringify({ table, row: Object.fromEntries(own) })}\n`);
      }

      count += rows.length;
      const [partition, key] = ['partitionkey', 'rowkey'].map(name => headers.get(`x-ms-continuation-next${name}`));
      next = partition ? `&NextPartitionKey=${encodeURIComponent(partition)}${key ? `&NextRowKey=${encodeURIComponent(key)}` : ''}` : '';
    } while (next);
  }

  closeSync(out);
  console.log(`${count} rows of ${tables.length} tables are in ${file}`);
}

async function restore() {
  for (const table of tables) {
    await call('POST', '/Tables', { TableName: prefix + table });
    const { rows } = await call('GET', `/${prefix}${table}()?$top=1`);
    if (rows.length > 0) { throw new Error(`${prefix}${table} has rows: restore into tables without any`); }
  }

  let [count, waiting] = [0, []];
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const { table, row } = JSON.parse(line);
    count++;
    waiting.push(call('POST', `/${prefix}${table}`, row));
    if (waiting.length === atOnce) {
      await Promise.all(waiting.splice(0));
    }
  }

  await Promise.all(waiting);
  console.log(`${count} rows are in the tables again`);
}

const run = { backup, restore }[command];
if (!run || !file) {
  console.error('node eng/tables.mjs backup|restore ACCOUNT FILE [PREFIX]');
  process.exit(2);
}

try {
  await run();
} catch (error) {
  console.error(`eng/tables.mjs: ${error.message}`);
  process.exit(1);
}
