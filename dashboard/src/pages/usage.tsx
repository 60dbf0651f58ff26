import { useState } from 'preact/hooks';
import { api, saveCsv, type Schemas, take } from '../api';
import { DayChart, everyDay } from '../chart';
import { number, usd, words } from '../format';
import { now, useLive } from '../live';
import { Card, Do, Field, Filters, Page, Shown, Table } from '../parts';

export type UsageQuery = { by?: 'day' | 'month'; group?: string; from?: string; to?: string; limit?: number };
type Lines = Schemas['UsageLineList'];
export type LoadUsage = (query: UsageQuery) => Promise<Lines>;

const days = 30;

/** Free, gifted and paid requests of the last thirty days, apart, with what was refused. */
export const UseByDay = (props: { load: LoadUsage }) => {
  const live = useLive(() => props.load({ by: 'day', limit: days }), [], 10_000);
  return (
    <Shown live={live}>
      {({ data }) => {
        const period = data.length ? everyDay(days, now.peek()) : [];
        const of = (figure: (line: Schemas['UsageLine']) => number) =>
          period.map(day => data.filter(line => line.period === day).reduce((sum, line) => sum + figure(line), 0));
        return (
          <DayChart
            title="Requests by day"
            unit="requests"
            days={period}
            series={[
              { label: 'Free', tone: 'free', values: of(line => line.free.requests) },
              { label: 'Gifted', tone: 'gift', values: of(line => line.gifted.requests) },
              { label: 'Paid', tone: 'paid', values: of(line => line.paid.requests) },
              { label: 'Refused', tone: 'bad', values: of(line => line.refused?.count ?? 0) },
            ]}
          />
        );
      }}
    </Shown>
  );
};

const tones = ['bad', 'paid', 'gift', 'accent', 'free', 'muted'];

/** What was refused over time, a colour for each reason. */
export const ReasonChart = (props: {
  title: string;
  periods: readonly string[];
  rows: readonly { period: string; code: string; count: number }[];
  head?: string;
}) => {
  const codes = [...new Set(props.rows.map(row => row.code))];
  return (
    <DayChart
      {...props}
      unit="refusals"
      days={codes.length ? props.periods : []}
      series={codes.map((code, at) => ({
        label: words(code),
        tone: tones[at % tones.length],
        values: props.periods.map(period =>
          props.rows.reduce((sum, row) => sum + (row.period === period && row.code === code ? row.count : 0), 0),
        ),
      }))}
    />
  );
};

/** What an organisation was refused by day. */
export const RefusedByDay = (props: { load: LoadUsage }) => {
  const live = useLive(() => props.load({ by: 'day', limit: days }), [], 10_000);
  return (
    <Shown live={live}>
      {({ data }) => (
        <ReasonChart
          title="Refusals by reason and day"
          periods={everyDay(days, now.peek())}
          rows={data.flatMap(({ period, refused }) => (refused?.reasons ?? []).map(reason => ({ ...reason, period })))}
        />
      )}
    </Shown>
  );
};

/** The sums as lines, divided as the reader likes. */
export const UseTable = (props: { load: LoadUsage; csv: string }) => {
  const [by, setBy] = useState<'day' | 'month'>('day');
  const [group, setGroup] = useState('model');
  const query = { by, group: group || undefined };
  const live = useLive(() => props.load({ ...query, limit: 100 }), [by, group], 10_000);
  return (
    <Card
      title="Sums"
      note="Free, gifted and paid use are never added together."
      actions={<Do label="CSV" run={() => saveCsv(props.csv, query, 'usage.csv')} />}
    >
      <Filters>
        <Field label="By" value={by} set={value => setBy(value as 'day')} options={['day', 'month']} />
        <Field
          label="Divided by"
          value={group}
          set={setGroup}
          options={[['', 'nothing'], 'model', 'key', 'tier', ['model,key', 'model and key']]}
        />
      </Filters>
      <Shown live={live}>
        {page => (
          <Table
            caption="Use by period"
            rows={page.data}
            empty="No use yet. A request on the page “Try it” makes the first line."
            columns={[
              { head: 'Period', cell: line => line.period },
              ...(group
                ? [
                    {
                      head: 'Of',
                      cell: (line: Schemas['UsageLine']) =>
                        [line.model, line.key, line.tier].filter(Boolean).join(', '),
                    },
                  ]
                : []),
              { head: 'Free requests', figure: true, cell: line => number(line.free.requests) },
              { head: 'Free tokens', figure: true, cell: line => number(line.free.total_tokens) },
              { head: 'Gifted tokens', figure: true, cell: line => number(line.gifted.tokens) },
              { head: 'Paid requests', figure: true, cell: line => number(line.paid.requests) },
              { head: 'Paid tokens', figure: true, cell: line => number(line.paid.tokens) },
              { head: 'Cost', figure: true, cell: line => usd(line.paid.cost_usd) },
              {
                head: 'Refused',
                figure: true,
                cell: line => (line.refused ? number(line.refused.count) : '–'),
              },
            ]}
          />
        )}
      </Shown>
    </Card>
  );
};

export const UsagePage = () => {
  const load: LoadUsage = query => take(api.GET('/api/v1/usage', { params: { query } }));
  return (
    <Page title="Usage">
      <Card title="Requests, last 30 days">
        <UseByDay load={load} />
      </Card>
      <Card title="Refusals by reason, last 30 days">
        <RefusedByDay load={load} />
      </Card>
      <UseTable load={load} csv="/api/v1/usage" />
    </Page>
  );
};
