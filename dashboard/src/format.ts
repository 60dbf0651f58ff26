const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 6 });

export const number = (value: number): string => grouped.format(value);

/** US dollars of a decimal text, with as many digits as it has, but at least two. */
export const usd = (text: string | number): string => {
  const [whole, digits = ''] = (typeof text === 'number' ? text.toFixed(9) : text).split('.');
  return `$${grouped.format(Number(whole))}.${digits.replace(/0+$/, '').padEnd(2, '0')}`;
};

export const amount = (value: number, unit: string): string => (unit === 'usd' ? usd(value) : number(value));

/** The price of a million of what costs so much apiece. */
export const perMillion = (price: string): string => (Number(price) ? usd(+(Number(price) * 1e6).toFixed(6)) : 'free');

const two = (value: number) => String(value).padStart(2, '0');

/** Seconds as a clock that runs down: `2 d 03:04:05`, `03:04:05`, `04:05`. */
export const countdown = (seconds: number): string => {
  const left = Math.max(0, Math.ceil(seconds));
  const [days, hours, minutes] = [Math.floor(left / 86400), Math.floor(left / 3600) % 24, Math.floor(left / 60) % 60];
  const clock = `${two(minutes)}:${two(left % 60)}`;
  return (days ? `${days} d ` : '') + (left >= 3600 ? `${two(hours)}:${clock}` : clock);
};

export const utc = (time: string): string => new Date(time).toISOString().slice(0, 19).replace('T', ' ');

/** The same moment by the reader's own clock; empty where that is UTC's. */
export const local = (time: string): string => {
  const at = new Date(time);
  return at.getTimezoneOffset() === 0 ? '' : `${two(at.getHours())}:${two(at.getMinutes())} local`;
};

/** `free_quota_exceeded` as words. */
export const words = (name: string): string => name.replace(/[_.-]+/g, ' ');

/** Whose a limit is: `org_model` is counted for each organisation and model. */
export const scopeName = (scope: string): string =>
  scope
    .split(/[_+]/)
    .map(part => (part === 'org' ? 'organisation' : part))
    .join(' and ')
    .replace('end and user', 'end user');

/** JSON as people read it. */
export const pretty = (value: unknown): string => JSON.stringify(value, null, 2);

export const plural = (count: number, one: string, many = one + 's'): string =>
  `${number(count)} ${count === 1 ? one : many}`;

const flatten = (value: unknown, path: string, into: Map<string, string>): Map<string, string> => {
  if (value !== null && typeof value === 'object' && Object.keys(value).length) {
    for (const [name, part] of Object.entries(value)) flatten(part, path ? `${path}.${name}` : name, into);
  } else if (value !== undefined && path) {
    into.set(path, typeof value === 'string' ? value : JSON.stringify(value));
  }
  return into;
};

export interface FieldChange {
  field: string;
  before?: string;
  after?: string;
}

/** The fields in which two documents differ. */
export const differences = (before: unknown, after: unknown): FieldChange[] => {
  const [old, fresh] = [flatten(before, '', new Map()), flatten(after, '', new Map())];
  return [...new Set([...old.keys(), ...fresh.keys()])]
    .map(field => ({ field, before: old.get(field), after: fresh.get(field) }))
    .filter(change => change.before !== change.after);
};
