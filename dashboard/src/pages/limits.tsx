import { api, type Schemas, take } from '../api';
import { number, plural, usd, words } from '../format';
import { ceilingOf, Limits } from '../limits';
import { now, useLive } from '../live';
import { Badge, Card, Countdown, Fact, Facts, Page, Shown, Table } from '../parts';
import { UseByDay } from './usage';

type Reason = Schemas['Refusal'];

/** What binds the key, what it used today, and what it was refused. */
export const LimitsPage = () => {
  const live = useLive(() => take(api.GET('/api/v1/key')) as Promise<Schemas['Key']>, [], 2500);
  const credits = useLive(() => take(api.GET('/api/v1/credits')), [], 10_000);
  const refusals = useLive(
    () =>
      take(
        api.GET('/api/v1/refusals', {
          params: { query: { from: new Date(now.peek() - 86_400_000).toISOString(), limit: 20 } },
        }),
      ),
    [],
    1500,
  );
  return (
    <Page title="Limits">
      <Shown live={live}>
        {key => (
          <>
            <Facts>
              <Fact label="Free today">
                {number(key.usage.today.free.requests)} <small>requests</small>
              </Fact>
              <Fact label="Gifted today">
                {number(key.usage.today.gifted.tokens)} <small>tokens</small>
              </Fact>
              <Fact label="Paid today">
                {usd(key.usage.today.paid.cost_usd)} <small>{plural(key.usage.today.paid.requests, 'request')}</small>
              </Fact>
              <Fact label="Credit left">{credits.data ? usd(credits.data.left_usd) : '…'}</Fact>
              <Ceiling quota={ceilingOf(key.limits)} />
              <Fact label="Plan">{key.plan}</Fact>
              <Fact label="Next UTC day in">
                <Countdown to={tomorrow()} />
              </Fact>
            </Facts>
            <Card
              title="What binds this key"
              note={
                key.unknown_plan && `The plan ${key.unknown_plan} is not in the catalogue; ${key.plan} takes its place.`
              }
            >
              <Limits quotas={key.limits} empty="No limit binds this key." />
            </Card>
          </>
        )}
      </Shown>
      <Card title="Refused in the last 24 hours">
        <Shown live={refusals}>
          {page => <Refusals rows={page.data} empty="Nothing was refused. Refusals are free: they cost no quota." />}
        </Shown>
      </Card>
      <Card title="Requests by day">
        <UseByDay load={query => take(api.GET('/api/v1/usage', { params: { query } }))} />
      </Card>
    </Page>
  );
};

const Ceiling = ({ quota }: { quota?: Schemas['Quota'] }) =>
  quota ? (
    <Fact label="Spent this month">
      {usd(quota.used)} <small>of {usd(quota.limit ?? 0)}</small>
    </Fact>
  ) : null;

const tomorrow = () => new Date(new Date(now.value).setUTCHours(24, 0, 0, 0)).toISOString();

export const Refusals = (props: { rows: readonly Reason[]; empty: string }) => (
  <Table
    caption="Refusals by minute"
    rows={props.rows}
    empty={props.empty}
    columns={[
      { head: 'Minute (UTC)', cell: row => row.minute.slice(0, 16).replace('T', ' ') },
      { head: 'Model', cell: row => row.model + (row.variant ? `:${row.variant}` : '') },
      {
        head: 'Reason',
        cell: row => (
          <>
            <Badge tone="bad">{words(row.code)}</Badge> {row.limit && <small>{row.limit}</small>}
          </>
        ),
      },
      { head: 'Count', figure: true, cell: row => number(row.count) },
    ]}
  />
);
