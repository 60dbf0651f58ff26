import { useState } from 'preact/hooks';
import { api, saveCsv, type Schemas, take } from '../api';
import type { paths } from '../schema';
import { number, pretty, usd, words } from '../format';
import {
  ask,
  Badge,
  Card,
  Do,
  Fact,
  Facts,
  Field,
  Filters,
  List,
  Page,
  Table,
  tierTone,
  Time,
  useList,
} from '../parts';

type Entry = Schemas['ActivityRecord'];

const status = (row: { status?: number; error_code?: string }) => (
  <Badge tone={row.status && row.status < 400 ? 'plain' : 'bad'}>
    {row.status ?? 'none'}
    {row.error_code && ` ${words(row.error_code)}`}
  </Badge>
);

const tier = (row: Entry) => (
  <>
    <Badge tone={tierTone(row.tier)}>{row.tier}</Badge>{' '}
    {row.cache === 'hit' && <Badge tone="plain">cache hit</Badge>}
  </>
);

const Detail = ({ row }: { row: Entry }) => (
  <>
    <Facts>
      <Fact label="Time">
        <Time at={row.time} />
      </Fact>
      <Fact label="Outcome">{status(row)}</Fact>
      <Fact label="Tier">{tier(row)}</Fact>
      <Fact label="Cost">{usd(row.cost_usd)}</Fact>
      <Fact label="Tokens in + out">
        {number(row.prompt_tokens)} + {number(row.completion_tokens)}
      </Fact>
      <Fact label="First byte, whole">
        {row.ttft_ms ?? '–'} ms, {row.latency_ms} ms
      </Fact>
    </Facts>
    <h3>Attempts</h3>
    <Table
      caption="Upstreams that were tried, in order"
      rows={row.attempts ?? []}
      empty="No upstream was called."
      columns={[
        { head: 'Upstream', cell: attempt => `${attempt.upstream} as ${attempt.model}` },
        { head: 'Status', cell: status },
        { head: 'Reason', cell: attempt => (attempt.reason ? words(attempt.reason) : '–') },
        { head: 'Took', figure: true, cell: attempt => `${number(attempt.ms)} ms` },
      ]}
    />
    <h3>Booked</h3>
    <Table
      caption="What was taken from which limit"
      rows={row.booked ?? []}
      empty="Nothing was taken from any limit."
      columns={[
        { head: 'Limit', cell: booked => booked.limit },
        { head: 'Subject', cell: booked => booked.subject },
        { head: 'Window', cell: booked => booked.window },
        {
          head: 'Amount',
          figure: true,
          cell: booked => (booked.limit === 'account' ? usd(booked.amount / 1e9) : number(booked.amount)),
        },
      ]}
    />
    <details>
      <summary>The whole record</summary>
      <pre tabIndex={0}>{pretty(row)}</pre>
    </details>
  </>
);

const open = (row: Entry) => ask({ title: `Request ${row.id}`, body: <Detail row={row} /> });

type Query = paths['/api/v1/activity']['get']['parameters']['query'];

/** The requests of an organisation, with filters. */
export const ActivityTable = (props: {
  load: (query: Query) => Promise<Schemas['ActivityRecordList']>;
  csv: string;
}) => {
  const [filter, setFilter] = useState<Record<string, string>>({});
  const set = (name: string) => (value: string) => setFilter({ ...filter, [name]: value });
  const query = {
    model: filter.model || undefined,
    key: filter.key || undefined,
    tier: (filter.tier || undefined) as 'free' | undefined,
    status: Number(filter.status) || undefined,
    from: filter.from || undefined,
    to: filter.to || undefined,
  };
  const list = useList(cursor => props.load({ ...query, cursor, limit: 25 }), [filter], 5000);
  const fields = { ...query, status: filter.status };
  return (
    <Card title="Requests" actions={<Do label="CSV" run={() => saveCsv(props.csv, fields, 'activity.csv')} />}>
      <Filters>
        <Field label="Model" value={filter.model ?? ''} set={set('model')} placeholder="any" />
        <Field label="Key" value={filter.key ?? ''} set={set('key')} placeholder="any" />
        <Field
          label="Tier"
          value={filter.tier ?? ''}
          set={set('tier')}
          options={[['', 'any'], 'free', 'gift', 'paid']}
        />
        <Field
          label="Status"
          value={filter.status ?? ''}
          set={set('status')}
          placeholder="any"
          pattern="[1-5][0-9]{2}"
        />
        <Field label="From day" type="date" value={filter.from ?? ''} set={set('from')} />
        <Field label="Before day" type="date" value={filter.to ?? ''} set={set('to')} />
      </Filters>
      <List
        live={list}
        caption="Requests, newest first"
        open={open}
        empty="No request fits. Send one from the page “Try it”, or take a filter away."
        columns={[
          { head: 'Time', cell: row => <Time at={row.time} /> },
          { head: 'Slug', cell: row => row.slug },
          { head: 'Tier', cell: tier },
          { head: 'Status', cell: status },
          { head: 'Key', cell: row => row.key },
          { head: 'Upstream', cell: row => row.upstream ?? '–' },
          { head: 'Tokens', figure: true, cell: row => number(row.total_tokens) },
          { head: 'Cost', figure: true, cell: row => usd(row.cost_usd) },
          { head: 'Took', figure: true, cell: row => `${number(row.latency_ms)} ms` },
        ]}
      />
    </Card>
  );
};

export const ActivityPage = () => (
  <Page title="Activity">
    <ActivityTable load={query => take(api.GET('/api/v1/activity', { params: { query } }))} csv="/api/v1/activity" />
  </Page>
);
