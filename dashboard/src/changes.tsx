import type { FieldChange } from './format';
import { Table } from './parts';

/** Fields with what they were and what they are, the one crossed out beside the other. */
export const Changes = (props: { rows: readonly FieldChange[]; empty: string }) => (
  <Table
    caption="Before and after"
    rows={props.rows}
    empty={props.empty}
    columns={[
      { head: 'Field', cell: row => <code>{row.field}</code> },
      {
        head: 'Before',
        cell: row => (row.before === undefined ? <small>not there</small> : <del>{row.before}</del>),
      },
      {
        head: 'After',
        cell: row => (row.after === undefined ? <small>not there</small> : <ins>{row.after}</ins>),
      },
    ]}
  />
);
