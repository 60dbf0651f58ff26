import { useState } from 'preact/hooks';
import { api, type Schemas, take } from '../api';
import { pretty, words } from '../format';
import { ask, Badge, closeDialog, Do, Field, Form, Table } from '../parts';
import { tryThenAsk } from './catalogue';

type Proposal = Schemas['Proposal'];

const tones = { new: 'free', changed: 'warn', gone: 'bad' } as const;

const what = ({ change, fields, entry }: Proposal) =>
  change === 'changed'
    ? fields!.map(field => `${words(field.field)} ${field.catalogue} → ${field.upstream}`).join('; ')
    : change === 'gone'
      ? 'It is not listed there any more.'
      : `${entry!.name}, not in the catalogue`;

/** The difference as a change of the catalogue's model: `usd_per_million_tokens.input` is a field within another. */
const patch = (fields: readonly Schemas['FieldChange'][]) => {
  const body: Record<string, unknown> = {};
  for (const { field, upstream } of fields) {
    const [outer, inner] = field.split('.');
    body[outer] = inner ? { ...(body[outer] as object), [inner]: upstream } : upstream;
  }
  return body;
};

/** What an upstream's list of models would change in the catalogue; each change is tried before it counts. */
export const Proposals = ({ name }: { name: string }) => {
  const [found, setFound] = useState<readonly Proposal[]>();
  const look = async () =>
    setFound((await take(api.GET('/api/v1/admin/upstreams/{name}/models', { params: { path: { name } } }))).data);
  const done = () => void look();
  const add = ({ entry }: Proposal) => {
    const title = `Add the model ${entry!.id}?`;
    const AddForm = () => {
      const [text, setText] = useState(pretty({ ...entry, id: undefined }));
      return (
        <Form
          action="Dry run"
          cancel={closeDialog}
          send={() =>
            tryThenAsk(
              title,
              sent =>
                api.PUT('/api/v1/admin/models/{model}', {
                  params: { path: { model: entry!.id }, ...sent },
                  body: JSON.parse(text),
                }),
              done,
            )
          }
        >
          <p>It is not free until it gets a plan. What the upstream does not say has to be filled in.</p>
          <Field label="The model as JSON" rows={14} value={text} set={setText} />
        </Form>
      );
    };
    ask({ title, body: <AddForm /> });
  };
  const update = (model: string, fields: readonly Schemas['FieldChange'][]) =>
    tryThenAsk(
      `Change the model ${model}?`,
      sent =>
        api.PATCH('/api/v1/admin/models/{model}', {
          params: { path: { model }, ...sent },
          body: patch(fields.filter(field => field.model === model)) as never,
        }),
      done,
    );
  return (
    <>
      <Do label="Compare its models with the catalogue" run={look} />
      {found && (
        <Table
          caption={`What the list of ${name} would change`}
          rows={found}
          empty="Its list says what the catalogue says."
          columns={[
            { head: 'Model there', cell: row => row.upstream_model },
            { head: 'Change', cell: row => <Badge tone={tones[row.change as 'new']}>{row.change}</Badge> },
            { head: 'In the catalogue', cell: row => row.models.join(', ') || '–' },
            { head: 'What', cell: what },
            {
              head: 'Actions',
              cell: row =>
                row.change === 'new' ? (
                  <button class="quiet" onClick={() => add(row)}>
                    Add
                  </button>
                ) : row.change === 'changed' ? (
                  [...new Set(row.fields!.map(field => field.model))].map(model => (
                    <Do quiet label={`Take over for ${model}`} run={() => update(model, row.fields!)} />
                  ))
                ) : (
                  '–'
                ),
            },
          ]}
        />
      )}
    </>
  );
};
