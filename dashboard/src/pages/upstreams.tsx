import { useState } from 'preact/hooks';
import { api, type Schemas, take } from '../api';
import { usd } from '../format';
import { Limits } from '../limits';
import { useLive } from '../live';
import { Badge, Card, Countdown, Do, Fact, Facts, Page, Shown, Table, Time } from '../parts';
import { Proposals } from './proposals';

type Upstream = Schemas['Upstream'];

/** The models that are left alone at an upstream, why, and until when. */
const parkings = (upstream: Upstream) =>
  Object.entries(upstream.parked).map(([model, parked]) => ({
    model: model === '*' ? 'all models' : model,
    why: why(parked),
    ...parked,
  }));

const why = ({ reason, status, retry_after_seconds: wait }: Schemas['Parked']) =>
  (reason === 'rate_limited' ? `it answered ${status}` : `three of its models answered ${status}`) +
  (wait == null ? ' and named no wait' : `, Retry-After ${wait} s`);

const Reported = ({ name }: { name: string }) => {
  const [report, setReport] = useState<Schemas['KeyReport']>();
  return (
    <>
      <Do
        label="Ask what our key has left"
        run={async () =>
          setReport(await take(api.GET('/api/v1/admin/upstreams/{name}/key', { params: { path: { name } } })))
        }
      />
      {report && (
        <Facts>
          <Fact label="Reported left">{report.remaining_usd == null ? '–' : usd(report.remaining_usd)}</Fact>
          <Fact label="Reported limit">{report.limit_usd == null ? '–' : usd(report.limit_usd)}</Fact>
          <Fact label="Reported used">{report.used_usd == null ? '–' : usd(report.used_usd)}</Fact>
        </Facts>
      )}
    </>
  );
};

const note =
  "Each provider's free allowance: what is used, what is left, until when. " +
  'Whether one is left alone is what the answering instance knows.';

export const UpstreamsPage = () => {
  const live = useLive(() => take(api.GET('/api/v1/admin/upstreams')), [], 3000);
  return (
    <Page title="Upstreams" note={note}>
      <Shown live={live}>
        {({ data }) => (
          <>
            {!data.length && <p class="empty">The catalogue names no upstream yet.</p>}
            {data.map(upstream => (
              <Card
                key={upstream.name}
                title={upstream.name}
                note={
                  <>
                    <code>{upstream.base_url}</code>
                  </>
                }
                actions={
                  upstream.ready ? (
                    upstream.breaker === 'closed' ? (
                      <Badge tone="free">called</Badge>
                    ) : (
                      <Badge tone="bad">left alone: {upstream.breaker}</Badge>
                    )
                  ) : (
                    <Badge tone="warn">no key: never called</Badge>
                  )
                }
              >
                {upstream.broken_until && (
                  <p>
                    It failed too often; it is tried again in <Countdown to={upstream.broken_until} />.
                  </p>
                )}
                {parkings(upstream).length > 0 && (
                  <Table
                    caption={`What of ${upstream.name} is parked`}
                    rows={parkings(upstream)}
                    columns={[
                      { head: 'Parked', cell: row => row.model },
                      { head: 'Why', cell: row => row.why },
                      { head: 'Since', cell: row => <Time at={row.since} /> },
                      {
                        head: 'For',
                        cell: row => (
                          <>
                            <Countdown to={row.until} /> <Time at={row.until} />
                          </>
                        ),
                      },
                    ]}
                  />
                )}
                <Limits
                  quotas={upstream.limits}
                  empty="No limit of its own is known: the catalogue or a preset gives it one."
                />
                {upstream.ready && (
                  <>
                    <Reported name={upstream.name} />
                    <Proposals name={upstream.name} />
                  </>
                )}
              </Card>
            ))}
          </>
        )}
      </Shown>
    </Page>
  );
};
