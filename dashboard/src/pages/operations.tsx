import { useState } from 'preact/hooks';
import { api, once, type Schemas, take } from '../api';
import { countdown, number, plural, words } from '../format';
import { useLive } from '../live';
import { Ask, Badge, Card, Do, Fact, Facts, List, Page, Shown, Table, Time, useList } from '../parts';
import { to } from '../route';
import { AuditTable } from './audit';
import { NoticesCard, WebhookCard } from './notices';

/** Readiness, which is a report also where its status is 503. */
const ready = async (): Promise<Schemas['HealthReport']> => {
  const { data, error, response } = await api.GET('/health/ready');
  return (
    data ??
    (response.status === 503 && error
      ? (error as unknown as Schemas['HealthReport'])
      : take(Promise.resolve({ response })))
  );
};

const Health = () => {
  const live = useLive(ready, [], 5000);
  return (
    <Shown live={live}>
      {health => (
        <>
          <Facts>
            <Fact label="This instance">
              <Badge tone={health.status === 'ok' ? 'free' : 'bad'}>{health.status}</Badge>
            </Fact>
            {Object.entries(health.checks).map(([name, said]) => (
              <Fact label={words(name)}>
                <Badge tone={said === 'ok' ? 'free' : 'bad'}>{said}</Badge>
              </Fact>
            ))}
          </Facts>
          <Card title="Alarms" id="alarms">
            <Table
              caption="Alarms"
              rows={health.alarms ?? []}
              empty="No alarm is on."
              columns={[
                { head: 'Alarm', cell: alarm => <Badge tone="bad">{words(alarm.name)}</Badge> },
                { head: 'Since', cell: alarm => <Time at={alarm.since} /> },
                { head: 'What', cell: alarm => alarm.detail },
                { head: 'What to do', cell: alarm => alarm.remedy },
              ]}
            />
          </Card>
        </>
      )}
    </Shown>
  );
};

const Allowances = () => {
  const live = useLive(() => take(api.GET('/api/v1/admin/upstreams')), [], 5000);
  return (
    <Card title="Upstreams" actions={<a href={to('upstreams')}>All of them</a>}>
      <Shown live={live}>
        {({ data }) => (
          <Table
            caption="Upstreams"
            rows={data}
            empty="The catalogue names no upstream yet."
            columns={[
              { head: 'Upstream', cell: row => row.name },
              {
                head: 'State',
                cell: row =>
                  row.ready ? (
                    <Badge tone={row.breaker === 'closed' ? 'free' : 'bad'}>
                      {row.breaker === 'closed' ? 'called' : row.breaker}
                    </Badge>
                  ) : (
                    <Badge tone="warn">no key</Badge>
                  ),
              },
              { head: 'Limits', figure: true, cell: row => row.limits.length },
              {
                head: 'Spent',
                figure: true,
                cell: row => row.limits.filter(limit => limit.remaining === 0).length,
              },
              { head: 'Parked', figure: true, cell: row => Object.keys(row.parked).length },
            ]}
          />
        )}
      </Shown>
    </Card>
  );
};

const DeadLetters = () => {
  const list = useList(cursor =>
    take(api.GET('/api/v1/admin/dead-letters', { params: { query: { limit: 10, cursor } } })),
  );
  const replay = async (body: object) => {
    await take(api.POST('/api/v1/admin/dead-letters/replays', { params: { header: once() }, body }));
    list.again();
  };
  const again = 'Its record is written once, however often it is sent.';
  return (
    <Card
      title="Dead letters"
      actions={
        (list.data?.data.length ?? 0) > 0 && (
          <Ask
            label="Replay all"
            question={{
              title: 'Replay all dead letters?',
              body: <p>All go into the queue again. {again}</p>,
              send: () => replay({ all: true }),
            }}
          />
        )
      }
    >
      <List
        live={list}
        caption="Dead letters"
        empty="None: every record of the activity log was taken."
        columns={[
          { head: 'Since', cell: letter => <Time at={letter.enqueued_at} /> },
          { head: 'Id', cell: letter => letter.id },
          {
            head: 'Reason',
            cell: letter => (
              <>
                {letter.reason} <small>{letter.description}</small>
              </>
            ),
          },
          { head: 'Deliveries', figure: true, cell: letter => letter.deliveries },
          {
            head: 'Actions',
            cell: letter => (
              <Ask
                quiet
                label="Replay"
                question={{
                  title: `Replay ${letter.id}?`,
                  body: <p>It goes into the queue again. {again}</p>,
                  send: () => replay({ id: letter.id }),
                }}
              />
            ),
          },
        ]}
      />
    </Card>
  );
};

const Resets = () => {
  const list = useList(cursor => take(api.GET('/api/v1/admin/resets', { params: { query: { limit: 7, cursor } } })));
  const run = async () => {
    await take(api.POST('/api/v1/admin/resets', { params: { header: once() } }));
    list.again();
  };
  return (
    <Card
      title="Days that were closed"
      note="Quota is whole again at midnight UTC by the clock; closing a day only writes its sums."
      actions={
        <Ask
          label="Close what is due"
          question={{
            title: 'Close the days that are due?',
            body: <p>It does what the timer does at midnight UTC. Run twice, it changes nothing more.</p>,
            send: run,
          }}
        />
      }
    >
      <List
        live={list}
        caption="Closed days"
        empty="No day was closed yet: the first is, after midnight UTC."
        columns={[
          { head: 'Day', cell: day => day.day },
          { head: 'Closed', cell: day => <Time at={day.closed_at} /> },
          {
            head: 'Late',
            figure: true,
            cell: day => (day.late_seconds === undefined ? '–' : countdown(day.late_seconds)),
          },
          { head: 'Runs', figure: true, cell: day => day.runs },
          { head: 'Organisations', figure: true, cell: day => number(day.orgs_closed) },
          { head: 'Failed', figure: true, cell: day => day.orgs_failed },
          { head: 'Corrections', figure: true, cell: day => day.corrections },
        ]}
      />
    </Card>
  );
};

const Books = () => {
  const [found, setFound] = useState<Schemas['Reconciliation']>();
  const look = async () => setFound(await take(api.GET('/api/v1/admin/reconciliations')));
  const repair = async () =>
    setFound(
      await take(
        api.POST('/api/v1/admin/reconciliations', {
          params: { header: once() },
          body: { repair: true },
        }),
      ),
    );
  return (
    <Card
      title="Books"
      note="Counters, sums and accounts, counted anew from the records of two days."
      actions={
        <>
          <Do label="Compare" run={look} />
          {found && found.drift > 0 && (
            <Ask
              label="Repair"
              question={{
                title: 'Repair the books?',
                danger: true,
                body: (
                  <p>
                    What the records say is written over {plural(found.drift, 'figure')} that differ. The audit notes
                    each.
                  </p>
                ),
                send: repair,
              }}
            />
          )}
        </>
      }
    >
      {found && (
        <>
          <Facts>
            <Fact label="Compared">{number(found.checked)}</Fact>
            <Fact label="Drift">{number(found.drift)}</Fact>
            <Fact label="Repaired">{number(found.repaired)}</Fact>
            <Fact label="Under way">{number(found.in_flight)}</Fact>
          </Facts>
          <Table
            caption="Differences"
            rows={found.differences}
            empty="The books are what the records say."
            columns={[
              { head: 'Book', cell: row => row.book },
              { head: 'Organisation', cell: row => row.org },
              { head: 'Subject', cell: row => `${row.subject} ${row.window}` },
              { head: 'Figure', cell: row => row.figure },
              { head: 'Stored', figure: true, cell: row => number(row.stored) },
              { head: 'By the records', figure: true, cell: row => number(row.expected) },
            ]}
          />
        </>
      )}
    </Card>
  );
};

const Purge = () => {
  const [found, setFound] = useState<Schemas['Purge']>();
  const run = async (dry_run: boolean) =>
    setFound(await take(api.POST('/api/v1/admin/purges', { params: { header: once() }, body: { dry_run } })));
  const old = found?.dry_run ? found.records + found.refusals + found.sums : 0;
  return (
    <Card
      title="Old activity"
      note="Each night takes away what is older than it is kept (Freeway__ActivityMonths). Sums of closed days stay."
      actions={
        <>
          <Do label="Count what is old" run={() => run(true)} />
          {old > 0 && (
            <Ask
              label="Take it away"
              question={{
                title: 'Take old activity away?',
                danger: true,
                body: (
                  <p>
                    {plural(found!.records, 'record')}, {plural(found!.refusals, 'count')} of refusals and{' '}
                    {plural(found!.sums, 'running sum')} from before {found!.kept_from} are deleted for good.
                  </p>
                ),
                send: () => run(false),
              }}
            />
          )}
        </>
      }
    >
      {found && (
        <Facts>
          <Fact label="Kept from">{found.kept_from}</Fact>
          <Fact label={found.dry_run ? 'Old records' : 'Records taken away'}>{number(found.records)}</Fact>
          <Fact label="Counts of refusals">{number(found.refusals)}</Fact>
          <Fact label="Running sums">{number(found.sums)}</Fact>
          <Fact label="Organisations that failed">{number(found.orgs_failed)}</Fact>
        </Facts>
      )}
    </Card>
  );
};

export const OperationsPage = () => (
  <Page title="Operations">
    <Health />
    <div class="two">
      <Allowances />
      <DeadLetters />
    </div>
    <WebhookCard />
    <NoticesCard />
    <Resets />
    <Books />
    <Purge />
    <Card title="Latest changes" actions={<a href={to('audit')}>All of them</a>}>
      <AuditTable limit={5} />
    </Card>
  </Page>
);
