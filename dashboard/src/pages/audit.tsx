import { useState } from 'preact/hooks';
import { api, type Schemas, take } from '../api';
import { differences, words } from '../format';
import { ask, Card, Field, Filters, List, Page, Time, useList } from '../parts';
import { Changes } from '../changes';

type Entry = Schemas['Audit'];

const subject = ({ subject: of }: Entry) =>
  `${words(of.kind)} ${of.id}${of.org && of.org !== of.id ? ` of ${of.org}` : ''}`;

const open = (entry: Entry) =>
  ask({
    title: `${words(entry.action)}: ${subject(entry)}`,
    body: (
      <>
        <p>
          <Time at={entry.time} /> by <b>{entry.by}</b>
        </p>
        <Changes rows={differences(entry.before, entry.after)} empty="Nothing differs." />
      </>
    ),
  });

export const AuditTable = (props: { limit: number; filters?: boolean }) => {
  const [filter, setFilter] = useState<Record<string, string>>({});
  const set = (name: string) => (value: string) => setFilter({ ...filter, [name]: value });
  const list = useList(
    cursor =>
      take(
        api.GET('/api/v1/admin/audit', {
          params: {
            query: {
              limit: props.limit,
              cursor,
              kind: (filter.kind || undefined) as 'org',
              org: filter.org || undefined,
              by: filter.by || undefined,
              from: filter.from || undefined,
              to: filter.to || undefined,
            },
          },
        }),
      ),
    [filter],
  );
  return (
    <>
      {props.filters && (
        <Filters>
          <Field
            label="Kind"
            value={filter.kind ?? ''}
            set={set('kind')}
            options={[['', 'any'], 'org', 'key', 'management_key', 'credits', 'catalogue', 'webhook', 'books']}
          />
          <Field label="Organisation" value={filter.org ?? ''} set={set('org')} placeholder="any" />
          <Field label="By" value={filter.by ?? ''} set={set('by')} placeholder="anybody" />
          <Field label="From day" type="date" value={filter.from ?? ''} set={set('from')} />
          <Field label="Before day" type="date" value={filter.to ?? ''} set={set('to')} />
        </Filters>
      )}
      <List
        live={list}
        caption="Changes, newest first"
        open={open}
        empty="No change fits."
        columns={[
          { head: 'Time', cell: entry => <Time at={entry.time} /> },
          { head: 'By', cell: entry => entry.by },
          { head: 'Action', cell: entry => words(entry.action) },
          { head: 'Of', cell: subject },
          { head: 'Changed', cell: entry => changed(entry) },
        ]}
      />
    </>
  );
};

const changed = (entry: Entry) => {
  const fields = differences(entry.before, entry.after)
    .map(change => change.field)
    .filter(field => field !== 'object');
  return fields.length > 3
    ? `${fields.slice(0, 3).join(', ')} and ${fields.length - 3} more`
    : fields.join(', ') || '–';
};

export const AuditPage = () => (
  <Page title="Audit" note="Who changed what. A line opens to what it was before and is after.">
    <Card title="Changes">
      <AuditTable limit={25} filters />
    </Card>
  </Page>
);
