import { useState } from 'preact/hooks';
import { api, saveCsv, type Schemas, take } from '../api';
import { everyHour, everyDay } from '../chart';
import { number, words } from '../format';
import { now, useLive } from '../live';
import { Badge, Card, Do, Field, Filters, Page, Shown, Table } from '../parts';
import { to } from '../route';
import { ReasonChart } from './usage';

type Sum = Schemas['RefusalSum'];
type By = 'hour' | 'day';

/** The sums of all periods by reason, with the organisations that were refused most, most refused first. */
const reasons = (sums: readonly Sum[]) => {
  const found = new Map<string, { code: string; limit?: string; count: number; orgs: Map<string, number> }>();
  for (const { code, limit, count, most } of sums) {
    const name = `${code} ${limit ?? ''}`;
    const reason = found.get(name) ?? { code, limit, count: 0, orgs: new Map<string, number>() };
    reason.count += count;
    for (const { org, count: some } of most) reason.orgs.set(org, (reason.orgs.get(org) ?? 0) + some);
    found.set(name, reason);
  }
  return [...found.values()].sort((one, other) => other.count - one.count);
};

/** Where the chart ends: now; but what was refused shows where the server's clock is another. */
const end = (sums: readonly Sum[], by: By) => {
  const newest = sums.length ? Date.parse(sums[0].period) : now.peek();
  const isBefore = now.peek() - newest > (by === 'hour' ? 24 * 3_600_000 : 30 * 86_400_000);
  return isBefore ? newest : Math.max(newest, now.peek());
};

const Refused = ({ by }: { by: By }) => {
  const live = useLive(
    () => take(api.GET('/api/v1/admin/refusals', { params: { query: { by, limit: 1000 } } })),
    [],
    by === 'hour' ? 5000 : 30_000,
  );
  return (
    <Shown live={live}>
      {({ data }) => (
        <>
          <ReasonChart
            title={`Refusals by reason and ${by}`}
            head={by === 'hour' ? 'Hour (UTC)' : 'Day'}
            periods={by === 'hour' ? everyHour(24, end(data, by)) : everyDay(30, end(data, by))}
            rows={data}
          />
          <Table
            caption="Refusals by reason"
            rows={reasons(data)}
            empty="Nothing was refused."
            columns={[
              {
                head: 'Reason',
                cell: row => (
                  <>
                    <Badge tone="bad">{words(row.code)}</Badge> {row.limit && <small>{row.limit}</small>}
                  </>
                ),
              },
              { head: 'Count', figure: true, cell: row => number(row.count) },
              {
                head: 'Refused most',
                cell: row =>
                  [...row.orgs]
                    .sort((one, other) => other[1] - one[1])
                    .slice(0, 3)
                    .map(([org, count], at) => (
                      <>
                        {at > 0 && ', '}
                        <a href={to('orgs', org)}>{org}</a> <small>{number(count)}</small>
                      </>
                    )),
              },
            ]}
          />
        </>
      )}
    </Shown>
  );
};

/** What all organisations were refused, and why, over time. */
export const RefusalsPage = () => {
  const [by, setBy] = useState<By>('hour');
  return (
    <Page title="Refusals" note="Of all organisations. Refusals are free: they cost no quota and no storage.">
      <Card
        title="Refusals by reason"
        actions={<Do label="CSV" run={() => saveCsv('/api/v1/admin/refusals', { by }, 'refusals.csv')} />}
      >
        <Filters>
          <Field
            label="Over"
            value={by}
            set={value => setBy(value as By)}
            options={[['hour', 'the last 24 hours'], ['day', 'the last 30 days']]}
          />
        </Filters>
        <Refused key={by} by={by} />
      </Card>
    </Page>
  );
};
