import { instant } from './format';
import { fields, text } from './json';

/** One station of an event's way, ready to be shown. */
export interface StationEntry {
  name: string;
  /** done: it was there; open: not yet, or never; away: the service that knows cannot be asked. */
  state: 'done' | 'open' | 'away';
  /** Milliseconds since 1970; absent when the station gives no time. */
  at?: number;
  words: string;
  facts: [name: string, value: string][];
}

/** The stations an event passes, in this order, and what each means. */
const order: [name: string, title: string, doneWords: string, openWords: string][] = [
  ['accepted', 'Accepted', 'Committed to the event log', 'Not in the event log'],
  ['relayed', 'Relayed', 'Sent to Kafka', 'Not sent to Kafka yet'],
  ['topic', 'On the topic', 'Read from the topic', 'Not read from the topic yet'],
  ['indexed', 'Indexed', 'In the topic’s index', 'Not in the topic’s index'],
  ['stored', 'Stored', 'In the tables', 'Not in the tables'],
  ['counted', 'Counted', 'In the statistics', 'Not in the statistics yet'],
  ['verdict', 'Checked', 'Compared', 'Not compared yet'],
  ['anomalies', 'Anomalies', 'Looked at', 'Nothing odd was found'],
];

function stateOf(value: unknown): StationEntry['state'] {
  if (value === null || value === undefined || value === false) return 'open';
  if (Array.isArray(value)) return value.length > 0 ? 'done' : 'open';
  const known = fields(value);
  const state = text(known['state']) || text(known['status']);
  if ('unreachable' in known || 'error' in known || /^(unreachable|unknown|away)$/i.test(state)) return 'away';
  if (/^(open|pending|missing|absent|waiting|not_)/i.test(state) || known['found'] === false || known['done'] === false) return 'open';
  return 'done';
}

function factsOf(value: unknown): [string, string][] {
  if (Array.isArray(value)) return value.flatMap((item, at) => factsOf(item).map(([name, fact]): [string, string] => [value.length > 1 ? `${at + 1}. ${name}` : name, fact]));
  if (typeof value !== 'object' || value === null) return value === true || value === null || value === undefined ? [] : [['value', text(value)]];
  return Object.entries(value)
    .filter(([, fact]) => fact !== null && fact !== undefined && typeof fact !== 'object')
    .map(([name, fact]) => [name.replaceAll('_', ' '), text(fact)]);
}

function timeOf(value: unknown): number | undefined {
  const known = fields(value);
  const key = ['at', 'time', ...Object.keys(known).filter((name) => name.endsWith('_at'))].find((name) => instant(known[name]) !== undefined);
  return key === undefined ? undefined : instant(known[key]);
}

/** The stations in a reply about one event; those a later version of the service adds come last, under their own names. */
export function stationsOf(reply: unknown): StationEntry[] {
  const from = fields(fields(reply)['stations'] ?? reply);
  const extra = Object.keys(from).filter((name) => fields(reply)['stations'] !== undefined && !order.some(([known]) => known === name));
  const rows: typeof order = [...order, ...extra.map((name): (typeof order)[number] => [name, name.replaceAll('_', ' '), '', ''])];
  return rows
    .filter(([name]) => name in from)
    .map(([name, title, doneWords, openWords]) => {
      const value = from[name];
      const state = stateOf(value);
      const at = timeOf(value);
      return {
        name: title,
        state,
        ...(at === undefined ? {} : { at }),
        words: state === 'done' ? doneWords : state === 'open' ? openWords : 'The service that knows cannot be asked',
        facts: factsOf(value),
      };
    });
}
