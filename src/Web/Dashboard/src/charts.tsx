import { useComputed } from '@preact/signals';
import { Chart, type Line } from './chart';
import { now } from './clock';
import { clock, price, rate, short, span } from './format';
import { rateAt, samples, stages } from './live';
import { Panel } from './panel';
import { horizon, seen, type Seen } from './tail';

const flows: Line[] = [
  // Each thinner than the one before, so that all are seen where they run as one.
  { label: 'Accepted', colour: 'series-1', width: 7 },
  { label: 'Relayed', colour: 'series-2', width: 5 },
  { label: 'Stored', colour: 'series-3', width: 3.5 },
  { label: 'Indexed', colour: 'series-4', width: 2, dash: [8, 8] },
  { label: 'Counted', colour: 'series-5', width: 1.5, dash: [3, 5] },
];

/** Indexes of at most so many entries, evenly spread, the last one included. */
const spread = (length: number, most: number): number[] => {
  const step = Math.max(1, Math.ceil(length / most));
  return Array.from({ length: Math.ceil(length / step) }, (_, at) => length - 1 - at * step);
};

export function Throughput() {
  const data = useComputed(() => {
    const all = samples.value;
    return [all.map((sample) => sample.at / 1000), ...stages.map((stage) => all.map((_, at) => (at === 0 ? null : (rateAt(all, stage, at) ?? null))))];
  }).value;
  const times = data[0] ?? [];
  const latest = data.slice(1).map((line) => line.at(-1) ?? undefined);
  const peak = Math.max(0, ...(data[3] ?? []).map((value) => value ?? 0));
  const caption =
    times.length > 1 ? `Now ${rate(latest[0])} accepted and ${rate(latest[2])} stored; at most ${rate(peak)} stored in the last quarter of an hour.` : 'Events a second at each station.';
  return (
    <Panel id="throughput" title="Throughput" hint="Events a second, ten-second means">
      <Chart
        lines={flows}
        data={data}
        format={short}
        caption={caption}
        empty="Measuring: the first points come in a few seconds."
        table={{
          head: ['Time', ...flows.map((line) => line.label)],
          rows: spread(times.length, 12).map((at) => [clock((times[at] ?? 0) * 1000), ...data.slice(1).map((line) => rate(line[at] ?? undefined))]),
        }}
      />
    </Panel>
  );
}

const latencyLines: Line[] = [
  { label: 'Half within', colour: 'series-1' },
  { label: '95 % within', colour: 'series-4', dash: [6, 4] },
];
const bucket = 5000;

const quantile = (sorted: number[], part: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;

function latencies(events: Seen[]): [number[], number[], number[]] {
  const buckets = new Map<number, number[]>();
  for (const event of events) {
    if (event.latency === undefined) continue;
    const start = Math.floor(event.at / bucket) * bucket;
    const values = buckets.get(start);
    if (values) values.push(event.latency);
    else buckets.set(start, [event.latency]);
  }
  const rows = [...buckets].sort(([a], [b]) => a - b).map(([at, values]) => ({ at, sorted: values.sort((a, b) => a - b) }));
  return [rows.map((row) => row.at / 1000), rows.map((row) => quantile(row.sorted, 0.5)), rows.map((row) => quantile(row.sorted, 0.95))];
}

export function Latency() {
  const data = useComputed(() => latencies(seen.value)).value;
  const recent = useComputed(() =>
    seen.value
      .slice(-200)
      .flatMap((event) => event.latency ?? [])
      .sort((a, b) => a - b),
  ).value;
  const caption =
    recent.length > 0
      ? `Of the last ${recent.length} events half took at most ${span(quantile(recent, 0.5))} and 95 % at most ${span(quantile(recent, 0.95))}.`
      : 'The time from acceptance to the topic’s index.';
  return (
    <Panel id="latency" title="End-to-end latency" hint="From acceptance to the topic’s index, by five seconds">
      <Chart
        lines={latencyLines}
        data={data}
        format={span}
        caption={caption}
        empty="No event has gone by since this page was opened."
        table={{
          head: ['Time', ...latencyLines.map((line) => line.label)],
          rows: spread(data[0].length, 12).map((at) => [clock((data[0][at] ?? 0) * 1000), span(data[1][at] ?? 0), span(data[2][at] ?? 0)]),
        }}
      />
    </Panel>
  );
}

const priceLines: Line[] = [
  { label: 'Listing price', colour: 'series-1', dots: 'full' },
  { label: 'Offer price', colour: 'series-4', dots: 'ring' },
];

export function Prices() {
  const events = useComputed(() => seen.value.filter((event) => event.price !== undefined));
  const data = useComputed(() => {
    const of = (type: string) => events.value.map((event) => (event.type === type ? event.price : null));
    return [events.value.map((event) => event.at / 1000), of('listings'), of('bids')];
  }).value;
  const priced = events.value;
  const middle = (type: string) => {
    const values = priced.flatMap((event) => (event.type === type ? (event.price ?? []) : [])).sort((a, b) => a - b);
    return values.length === 0 ? undefined : quantile(values, 0.5);
  };
  const since = priced[0] ? span(Math.min(horizon, Math.max(1000, now.value - priced[0].at))) : '';
  const caption = priced.length > 0 ? `Median of the last ${since}: listings ${price(middle('listings'))}, offers ${price(middle('bids'))}.` : 'Prices of listings and offers as they come in.';
  return (
    <Panel id="prices" title="Prices" hint="Listings and offers, the last quarter of an hour">
      <Chart
        lines={priceLines}
        data={data}
        format={short}
        caption={caption}
        empty="No listing or bid in the last quarter of an hour."
        table={{
          head: ['Time', 'Type', 'Price', 'Trace id'],
          rows: priced
            .slice(-12)
            .reverse()
            .map((event) => [clock(event.at), event.type === 'listings' ? 'Listing' : 'Offer', price(event.price), event.traceId]),
        }}
      />
    </Panel>
  );
}
