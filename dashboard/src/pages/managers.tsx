import { api, once, type Schemas, take } from '../api';
import { Ask, Card, List, Page, State, Time, useList } from '../parts';
import { askFor, showSecret } from './orgs';

type Key = Schemas['ManagementKey'];

export const ManagersPage = () => {
  const list = useList(cursor =>
    take(
      api.GET('/api/v1/admin/management-keys', {
        params: { query: { limit: 25, cursor } },
      }),
    ),
  );
  const create = () =>
    askFor({
      title: 'A new management key',
      note: 'Whoever has it administers this deployment within its scopes. Its secret is shown once.',
      action: 'Create key',
      fields: [
        { name: 'id', label: 'Id', required: true },
        { name: 'label', label: 'Label' },
        {
          name: 'scopes',
          label: 'Scopes',
          value: 'read',
          required: true,
          hint: 'read, keys, billing or all; with commas between.',
        },
      ],
      send: async values => {
        const made = await take(
          api.POST('/api/v1/admin/management-keys', {
            params: { header: once() },
            body: {
              id: values.id,
              ...(values.label ? { label: values.label } : {}),
              scopes: values.scopes.split(',').map(scope => scope.trim()) as 'read'[],
            },
          }),
        );
        list.again();
        showSecret(made);
      },
    });
  const change = async (key: Key, disabled: boolean) => {
    await take(
      api.PATCH('/api/v1/admin/management-keys/{key}', {
        params: { path: { key: key.id }, header: once() },
        body: { disabled },
      }),
    );
    list.again();
  };
  const remove = async (key: Key) => {
    await take(
      api.DELETE('/api/v1/admin/management-keys/{key}', { params: { path: { key: key.id }, header: once() } }),
    );
    list.again();
  };
  return (
    <Page
      title="Management keys"
      actions={
        <button class="main" onClick={create}>
          New management key
        </button>
      }
    >
      <Card title="Keys beside the one in the settings">
        <List
          live={list}
          caption="Management keys"
          empty="None yet. Give each person and each program a key of its own: the audit names it."
          columns={[
            {
              head: 'Id',
              cell: key => (
                <>
                  <b>{key.id}</b> <small>{key.label}</small>
                </>
              ),
            },
            { head: 'Scopes', cell: key => key.scopes.join(', ') },
            {
              head: 'State',
              cell: key => <State of={key} />,
            },
            { head: 'Made', cell: key => <Time at={key.created_at} /> },
            {
              head: 'Actions',
              cell: key => (
                <div class="actions">
                  <Ask
                    quiet
                    label={key.disabled ? 'Enable' : 'Disable'}
                    question={{
                      title: `${key.disabled ? 'Enable' : 'Disable'} ${key.id}?`,
                      danger: !key.disabled,
                      body: (
                        <p>
                          {key.disabled ? 'It administers again.' : 'Whoever has it is answered 403.'} It holds within 30
                          seconds.
                        </p>
                      ),
                      send: () => change(key, !key.disabled),
                    }}
                  />
                  <Ask
                    quiet
                    label="Delete"
                    question={{
                      title: `Delete ${key.id}?`,
                      danger: true,
                      body: <p>Whoever has it is answered 401. The audit goes on naming it.</p>,
                      send: () => remove(key),
                    }}
                  />
                </div>
              ),
            },
          ]}
        />
      </Card>
    </Page>
  );
};
