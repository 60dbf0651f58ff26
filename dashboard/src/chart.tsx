import { useState } from 'preact/hooks';
import { number } from './format';
import { Empty, Table } from './parts';

export interface Series {
  label: string;
  tone: string;
  values: readonly number[];
}

/** The least of 1, 2, 5, 10, 20 … that is not less than `most`: where the scale ends. */
const ceiling = (most: number): number => {
  const power = 10 ** Math.floor(Math.log10(Math.max(most, 1)));
  return [1, 2, 5, 10].map(step => step * power).find(end => end >= most)!;
};

const dayName = (day: string) =>
  new Date(day).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });

const labelled = (line: Series, day: number) => `${line.label} ${number(line.values[day])}`;

const hourName = (hour: string) => hour.slice(11, 16);

/** Stacked bars over days, or hours, and the same as a table. */
export function DayChart(props: {
  title: string;
  days: readonly string[];
  series: readonly Series[];
  unit: string;
  head?: string;
}) {
  const [asTable, setAsTable] = useState(false);
  const { days, series, unit } = props;
  if (!days.length) return <Empty>Nothing in these days.</Empty>;
  const [label, step] = days[0].length > 10 ? [hourName, 6] : [dayName, 7];
  const sums = series.map(line => line.values.reduce((sum, value) => sum + value, 0));
  const most = ceiling(Math.max(...days.map((_, day) => series.reduce((sum, line) => sum + line.values[day], 0))));
  const told = series.map((line, at) => `${line.label} ${number(sums[at])} ${unit}`).join(', ');
  const height = (value: number) => ({ height: `${(value / most) * 100}%` });
  return (
    <figure class="chart">
      <figcaption>
        <span class="legend">
          {series.map((line, at) => (
            <span>
              <i class={line.tone} />
              {line.label} <b>{number(sums[at])}</b>
            </span>
          ))}
        </span>
        <button class="quiet" onClick={() => setAsTable(!asTable)}>
          {asTable ? 'As a chart' : 'As a table'}
        </button>
      </figcaption>
      {asTable ? (
        <Table
          caption={props.title}
          rows={[...days.keys()].reverse()}
          columns={[
            { head: props.head ?? 'Day', cell: day => days[day].slice(0, 16).replace('T', ' ') },
            ...series.map(line => ({
              head: line.label,
              figure: true,
              cell: (day: number) => number(line.values[day]),
            })),
          ]}
        />
      ) : (
        <div class="plot" role="img" aria-label={`${props.title}: ${told}. The button before it shows it as a table.`}>
          <div class="scale">
            <span>{number(most)}</span>
            <span>{most > 1 ? number(most / 2) : ''}</span>
            <span>0</span>
          </div>
          <div class="days">
            {days.map((name, day) => (
              <div class="day" title={`${name}: ${series.map(line => labelled(line, day)).join(', ')}`}>
                <div>
                  {series.map(line => (
                    <i class={line.tone} style={height(line.values[day])} />
                  ))}
                </div>
                <span>{(days.length - 1 - day) % step === 0 ? label(name) : ''}</span>
              </div>
            ))}
          </div>
        </div>
      )}
    </figure>
  );
}

const every = (count: number, last: number, length: number) =>
  [...Array(count).keys()].map(at =>
    new Date((Math.floor(last / length) - (count - 1 - at)) * length).toISOString(),
  );

/** The days up to that of `last`, in order, so that one without use has its place too. */
export const everyDay = (count: number, last: number): string[] =>
  every(count, last, 86_400_000).map(day => day.slice(0, 10));

/** The hours up to that of `last`, as the API names them. */
export const everyHour = (count: number, last: number): string[] =>
  every(count, last, 3_600_000).map(hour => hour.replace('.000', ''));
