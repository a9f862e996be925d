import { instant } from './format';
import { fields, list, text } from './json';

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

/** The stations an event passes, in this order, and what it means to have been there. */
const order: [name: string, title: string, reached: string][] = [
  ['accepted', 'Accepted', 'Committed to the event log'],
  ['relayed', 'Relayed', 'Acknowledged by Kafka'],
  ['topic', 'On the topic', 'Read from the topic'],
  ['indexed', 'Indexed', 'In the topic’s index'],
  ['stored', 'Stored', 'In the tables'],
  ['counted', 'Counted', 'In the statistics'],
  ['verdict', 'Checked', 'Looked at by the consistency check'],
  ['anomalies', 'Watched', 'Looked at by the anomaly detectors'],
];

const states: Record<string, StationEntry['state']> = { reached: 'done', not_reached: 'open' };
const notFacts = ['state', 'at', 'detail', 'found', 'verdict', 'since'];
const verdicts: Record<string, string> = {
  verified: 'Verified: log, topic and tables agree',
  missing_in_db: 'Missing in the database',
  missing_in_queue: 'Missing on the topic',
};

function wordsOf(name: string, station: Record<string, unknown>, state: StationEntry['state'], reached: string): string {
  const detail = text(station['detail']);
  if (state !== 'done') return detail || (state === 'open' ? 'Not yet' : 'The service that knows cannot be asked');
  if (name === 'verdict') {
    const verdict = text(station['verdict']);
    return verdicts[verdict] ?? (verdict.replaceAll('_', ' ') || reached);
  }
  if (name === 'anomalies') {
    const found = list(station['found']).map(fields);
    return found.length === 0 ? 'Nothing odd was found' : found.map((one) => `${text(one['anomaly_type'])}: ${text(one['description'])}`).join(' ');
  }
  return detail ? `${reached}. ${detail}` : reached;
}

/** The stations in a reply about one event; those that a later version of the service adds come last, under their own names. */
export function stationsOf(reply: unknown): StationEntry[] {
  const from = fields(fields(reply)['stations']);
  const added = Object.keys(from).filter((name) => !order.some(([known]) => known === name));
  return [...order, ...added.map((name): [string, string, string] => [name, name.replaceAll('_', ' '), 'Reached'])]
    .filter(([name]) => name in from)
    .map(([name, title, reached]) => {
      const station = fields(from[name]);
      const state = states[text(station['state'])] ?? 'away';
      const at = state === 'done' ? instant(station['at']) : undefined;
      return {
        name: title,
        state,
        ...(at === undefined ? {} : { at }),
        words: wordsOf(name, station, state, reached),
        facts: Object.entries(station)
          .filter(([fact, value]) => !notFacts.includes(fact) && text(value) !== '')
          .map(([fact, value]): [string, string] => [fact.replaceAll('_', ' '), text(value)]),
      };
    });
}
