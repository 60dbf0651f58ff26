import { api, once, take } from '../api';
import { useLive } from '../live';
import { Ask, Card, Page, Shown, Table, Time } from '../parts';
import { to } from '../route';
import { askFor, showSecret } from './orgs';

/** The keys of a person who signed in. */
export const KeysPage = ({ plan }: { plan: string }) => {
  const list = useLive(() => take(api.GET('/api/v1/keys')));
  const create = () =>
    askFor({
      title: 'A new key',
      note: 'All your keys share the limits of your plan. The secret is shown once.',
      action: 'Create key',
      fields: [{ name: 'label', label: 'What it is for', required: true }],
      send: async ({ label }) => {
        showSecret(await take(api.POST('/api/v1/keys', { params: { header: once() }, body: { label } })));
        list.again();
      },
    });
  return (
    <Page
      title="Keys"
      note={
        <>
          Your plan is <b>{plan}</b>: <a href={to('limits')}>what it gives</a>, and <a href={to('connect')}>how to use a key</a>.
        </>
      }
      actions={
        <button class="main" onClick={create}>
          New key
        </button>
      }
    >
      <Card title="Your keys">
        <Shown live={list}>
          {page => (
            <Table
              caption="Your keys"
              rows={page.data}
              empty="No key yet. Create one for each program that calls."
              columns={[
                { head: 'Label', cell: key => <b>{key.label}</b> },
                { head: 'Id', cell: key => key.id },
                { head: 'Made', cell: key => <Time at={key.created_at} /> },
                {
                  head: 'Actions',
                  cell: key => (
                    <Ask
                      quiet
                      label="Revoke"
                      question={{
                        title: `Revoke ${key.label}?`,
                        danger: true,
                        body: <p>Requests with it are answered 401, everywhere within 30 seconds.</p>,
                        send: async () => {
                          await take(api.DELETE('/api/v1/keys/{key}', { params: { path: { key: key.id } } }));
                          list.again();
                        },
                      }}
                    />
                  ),
                },
              ]}
            />
          )}
        </Shown>
      </Card>
    </Page>
  );
};
