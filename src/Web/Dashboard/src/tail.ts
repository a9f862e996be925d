import { effect, signal } from '@preact/signals';
import { paused } from './clock';
import { acceptedAt, instant } from './format';
import { fields, list, number, parseJson, text } from './json';
import { ask, pollEvery } from './source';

/** An event as it went by. */
export interface Seen {
  traceId: string;
  type: string;
  eventId: string;
  /** When it was accepted, in milliseconds since 1970. */
  at: number;
  /** How long it took from there to the index of the topic, in milliseconds; absent when not known. */
  latency?: number;
  price?: number;
  /** Metres. */
  distance?: number;
  /** Seconds. */
  duration?: number;
  payload: Record<string, unknown>;
}

/** How far back charts look, in milliseconds. */
export const horizon = 15 * 60_000;
/** How many of the newest events a panel shows. */
export const shownRows = 12;
const keptPoints = 1500;
const seedLimit = 500;

/** The newest events first, for reading. */
export const tail = signal<Seen[]>([]);
/** Events by time of acceptance, for charts. */
export const seen = signal<Seen[]>([]);
/** Events that went by too fast to be shown. */
export const dropped = signal(0);
/** Whether events come as a stream; otherwise Storage is asked for them. */
export const streaming = signal(false);

const prices: Record<string, string> = { listings: 'listing_price', bids: 'offer_price' };
const durations: Record<string, string> = { running_stats: 'duration', music_info: 'song_duration' };
const ids: Record<string, string> = { listings: 'listing_id', bids: 'bidding_id', running_stats: 'user_id', music_info: 'user_id' };
const lists: Record<string, string> = { listings: 'site/listings', bids: 'site/bids', running_stats: 'stats/running', music_info: 'stats/music' };

let waiting: Seen[] = [];
let changed = false;
const known = new Map<string, Seen>();

function toSeen(type: string, payload: Record<string, unknown>, frame: Record<string, unknown>): Seen | undefined {
  const traceId = text(frame['trace_id']) || text(payload['trace_id']);
  const accepted = acceptedAt(traceId);
  if (!traceId || accepted === undefined) return undefined;
  const event: Seen = { traceId, type, eventId: text(frame['event_id']) || text(payload[ids[type] ?? 'id']), at: accepted, payload };
  const indexed = instant(frame['indexed_at']);
  if (indexed !== undefined) event.latency = Math.max(0, indexed - accepted);
  const value = number(payload[prices[type] ?? '']);
  if (value !== undefined) event.price = value;
  const distance = type === 'running_stats' ? number(payload['distance']) : undefined;
  if (distance !== undefined) event.distance = distance;
  const duration = number(payload[durations[type] ?? '']);
  if (duration !== undefined) event.duration = duration;
  return event;
}

function take(event: Seen | undefined): void {
  if (!event) return;
  const before = known.get(event.traceId);
  if (before === undefined) {
    known.set(event.traceId, event);
    waiting.push(event);
  } else if (before.latency === undefined && event.latency !== undefined) {
    // Storage told of it before the tail did, which alone knows when it was indexed.
    before.latency = event.latency;
    changed = true;
  }
}

// Shown a few times a second, however many come: a page that draws every event of a burst does nothing else.
function show(): void {
  if (waiting.length === 0 && !changed) return;
  changed = false;
  const fresh = waiting.sort((a, b) => a.at - b.at);
  waiting = [];
  const since = Date.now() - horizon;
  const all = [...seen.value, ...fresh].sort((a, b) => a.at - b.at).filter((event) => event.at > since);
  seen.value = all.slice(-keptPoints);
  const kept = new Set(seen.value);
  for (const [traceId, event] of known) if (!kept.has(event)) known.delete(traceId);
  // So many of each type, so that a busy one leaves room for the others.
  const rows = new Map<string, number>();
  tail.value = [...fresh.reverse(), ...tail.value]
    .sort((a, b) => b.at - a.at)
    .filter((event) => {
      const before = rows.get(event.type) ?? 0;
      rows.set(event.type, before + 1);
      return before < shownRows;
    });
}

const rows = (type: string, since: number, limit: number) =>
  // The end is far away: there are lists that must be told one.
  ask(`storage/${lists[type]}?start_timestamp=${encodeURIComponent(new Date(since).toISOString())}&end_timestamp=2100-01-01T00:00:00Z&limit=${limit}`);

// The last quarter of an hour, or less of it when that is more than a chart can show.
async function seed(type: string): Promise<void> {
  for (const back of [horizon, horizon / 10, horizon / 100]) {
    const reply = await rows(type, Date.now() - back, seedLimit);
    if (reply.status !== 200) return;
    const found = list(reply.json);
    if (found.length === seedLimit && back > horizon / 100) continue;
    for (const row of found) take(toSeen(type, fields(row), {}));
    return;
  }
}

async function fetchNew(types: readonly string[]): Promise<void> {
  for (const type of types) {
    const reply = await rows(type, Date.now() - 5 * pollEvery, seedLimit);
    if (reply.status === 200) for (const row of list(reply.json)) take(toSeen(type, fields(row), {}));
  }
}

/** Follows the topic's events while the page is not paused. */
export function followTail(types: readonly string[]): () => void {
  let events: EventSource | undefined;
  const timers: ReturnType<typeof setInterval>[] = [];
  // Storage may be away; its own panel says so, and the next look may find it.
  const quietly = (work: Promise<unknown>) => void work.catch(() => undefined);

  const open = () => {
    events = new EventSource('analyzer/tail');
    events.addEventListener('open', () => (streaming.value = true));
    events.addEventListener('error', () => (streaming.value = false));
    events.addEventListener('message', (event) => {
      const frame = fields(parseJson(event.data));
      take(toSeen(text(frame['type']), fields(frame['payload']), frame));
    });
    events.addEventListener('dropped', (event) => {
      dropped.value += number(fields(parseJson(event.data))['dropped']) ?? 0;
    });
  };
  const close = () => {
    events?.close();
    events = undefined;
    streaming.value = false;
    while (timers.length > 0) clearInterval(timers.pop());
  };
  const end = effect(() => {
    const still = paused.value;
    queueMicrotask(() => {
      close();
      if (still) return;
      quietly(Promise.all(types.map(seed)).then(show));
      open();
      timers.push(setInterval(show, 400));
      timers.push(
        setInterval(() => {
          if (events?.readyState === EventSource.CLOSED) open();
          if (!streaming.value) quietly(fetchNew(types));
        }, pollEvery),
      );
    });
  });
  return () => {
    end();
    close();
  };
}
