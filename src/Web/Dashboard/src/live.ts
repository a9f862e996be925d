import { effect, signal } from '@preact/signals';
import { paused } from './clock';
import { fields, list, number, parseJson, text } from './json';
import { ask } from './source';

export const stages = ['accepted', 'relayed', 'stored', 'indexed', 'counted'] as const;
export type Stage = (typeof stages)[number];

/** How many events each station had seen at a moment; absent where it could not be asked. */
export interface Sample extends Partial<Record<Stage, number>> {
  at: number;
}

export type ServiceState = 'Up' | 'Unready' | 'Away';

export interface Service {
  name: string;
  state: ServiceState;
  detail: string;
}

/** stream: told as it happens; polling: asked for; away: neither works. */
export type Link = 'connecting' | 'stream' | 'polling' | 'away';

const kept = 450;
const pollEvery = 4000;

export const samples = signal<Sample[]>([]);
export const services = signal<Service[]>([]);
export const link = signal<Link>('connecting');
/** When the gateway last said something; 0 before the first time. */
export const heardAt = signal(0);

function sampleOf(value: unknown): Sample | undefined {
  const from = fields(value);
  const at = number(from['id']);
  if (at === undefined) return undefined;
  const sample: Sample = { at };
  for (const stage of stages) {
    const total = number(from[stage]);
    if (total !== undefined) sample[stage] = total;
  }
  return sample;
}

function takeSamples(values: unknown[]): void {
  const last = samples.value.at(-1)?.at ?? 0;
  const fresh = values.map(sampleOf).filter((sample): sample is Sample => sample !== undefined && sample.at > last);
  if (fresh.length > 0) samples.value = [...samples.value, ...fresh].slice(-kept);
  heardAt.value = Date.now();
}

function takeServices(values: unknown[]): void {
  services.value = values.map(fields).map((service) => ({
    name: text(service['name']),
    state: service['state'] === 'Up' ? 'Up' : service['state'] === 'Unready' ? 'Unready' : 'Away',
    detail: text(service['detail']),
  }));
  heardAt.value = Date.now();
}

async function askOnce(): Promise<void> {
  try {
    const reply = await ask(`dashboard/figures?after=${samples.value.at(-1)?.at ?? 0}`);
    if (reply.status !== 200) throw new Error(`Status code ${reply.status}`);
    const figures = fields(reply.json);
    takeSamples(list(figures['samples']));
    takeServices(list(figures['services']));
    if (link.value !== 'stream') link.value = 'polling';
  } catch {
    // The badge says that the gateway is away; every panel tells its own part.
    link.value = 'away';
  }
}

/** Follows the gateway's figures while the page is not paused: as a stream, and by asking while there is none. */
export function follow(): () => void {
  let events: EventSource | undefined;
  let timer: ReturnType<typeof setInterval> | undefined;

  const open = () => {
    events = new EventSource(`dashboard/live?after=${samples.value.at(-1)?.at ?? 0}`);
    events.addEventListener('open', () => {
      link.value = 'stream';
      heardAt.value = Date.now();
    });
    events.addEventListener('sample', (event) => takeSamples([parseJson(event.data)]));
    events.addEventListener('services', (event) => takeServices(list(parseJson(event.data))));
    events.addEventListener('error', () => {
      link.value = 'away';
      void askOnce();
    });
  };
  const close = () => {
    events?.close();
    events = undefined;
    clearInterval(timer);
  };

  const end = effect(() => {
    close();
    if (paused.value) return;
    // Not tracked: only pausing starts this anew.
    queueMicrotask(() => {
      void askOnce().then(() => {
        if (!paused.peek() && !events) open();
      });
      timer = setInterval(() => {
        if (events?.readyState === EventSource.OPEN) return;
        // A browser gives up on a stream that was refused; then it is opened again here.
        if (events?.readyState === EventSource.CLOSED) {
          events = undefined;
          open();
        }
        void askOnce();
      }, pollEvery);
    });
  });
  return () => {
    end();
    close();
  };
}

/** Events a second between samples some seconds apart, at the end of the list. */
export function rateAt(all: readonly Sample[], stage: Stage, end = all.length - 1, over = 5): number | undefined {
  const last = all[end];
  const first = all[Math.max(0, end - over)];
  if (!last || !first || last[stage] === undefined || first[stage] === undefined || last.at <= first.at) return undefined;
  // A counter that fell was started again; what it lost is not known.
  return Math.max(0, (last[stage] - first[stage]) / ((last.at - first.at) / 1000));
}
