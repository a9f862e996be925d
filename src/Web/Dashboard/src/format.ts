const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const money = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

export const count = (value: number | undefined): string => (value === undefined ? '–' : whole.format(value));
export const price = (value: number | undefined): string => (value === undefined ? '–' : money.format(value));
export const short = (value: number): string => compact.format(value);

/** Events a second, with as many digits as mean something. */
export function rate(value: number | undefined): string {
  if (value === undefined) return '–';
  if (value === 0) return '0/s';
  if (value < 0.05) return '<0.1/s';
  return `${value < 9.95 ? value.toFixed(1) : whole.format(value)}/s`;
}

/** A time span in the unit that suits it. */
export function span(milliseconds: number): string {
  if (milliseconds < 1) return '<1 ms';
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = seconds / 60;
  if (minutes < 90) return `${Math.round(minutes)} min`;
  const hours = minutes / 60;
  return hours < 36 ? `${Math.round(hours)} h` : `${Math.round(hours / 24)} days`;
}

export const ago = (milliseconds: number): string => (milliseconds < 1500 ? 'just now' : `${span(milliseconds)} ago`);

export const clock = (at: number): string => new Date(at).toLocaleTimeString('en-GB');

export const dateTime = (at: number): string => new Date(at).toLocaleString();

/** 1 listing, 2 listings. */
export const plural = (value: number, noun: string): string => `${count(value)} ${noun}${value === 1 ? '' : 's'}`;

const earliest = Date.UTC(2015, 0);
const latest = Date.UTC(2100, 0);

const timedUuid = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-/;

/**
 * When an event was accepted, in milliseconds since 1970: a real-estate trace id is that moment in nanoseconds, one of Runify is a UUID that
 * begins with it. Undefined for an id that is no such moment, as foreign ones may be.
 */
export function acceptedAt(traceId: string): number | undefined {
  const uuid = timedUuid.exec(traceId);
  if (!uuid && !/^\d{18,19}$/.test(traceId)) return undefined;
  const at = uuid ? parseInt(`${uuid[1]}${uuid[2]}`, 16) : Number(BigInt(traceId) / 1000n) / 1000;
  return at > earliest && at < latest ? at : undefined;
}

/** Milliseconds since 1970 of a time as the services write it; without a zone it is UTC. */
export function instant(value: unknown): number | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  const iso = value.trim().replace(' ', 'T');
  const at = Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/i.test(iso) ? iso : `${iso}Z`);
  return Number.isNaN(at) ? undefined : at;
}
