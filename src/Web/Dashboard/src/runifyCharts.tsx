import { useComputed } from '@preact/signals';
import { Chart, type Line } from './chart';
import { clock } from './format';
import { Panel } from './panel';
import { seen, type Seen } from './tail';

interface Measure {
  id: string;
  title: string;
  hint: string;
  type: string;
  line: Line;
  value: (event: Seen) => number | undefined;
  unit: string;
}

const figure = (value: number): string => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2));

/** One measure of one type of event, as the events of the last quarter of an hour had it. */
function Measured({ measure }: { measure: Measure }) {
  const events = useComputed(() => seen.value.filter((event) => event.type === measure.type && measure.value(event) !== undefined)).value;
  const data = useComputed(() => {
    const some = seen.value.filter((event) => event.type === measure.type && measure.value(event) !== undefined);
    return [some.map((event) => event.at / 1000), some.map((event) => measure.value(event))];
  }).value;
  const values = events.flatMap((event) => measure.value(event) ?? []);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const caption =
    values.length > 0
      ? `${values.length} in the last quarter of an hour: ${figure(mean)} ${measure.unit} on average, ${figure(Math.max(...values))} ${measure.unit} at most.`
      : measure.hint;
  return (
    <Panel id={measure.id} title={measure.title} hint={measure.hint}>
      <Chart
        lines={[measure.line]}
        data={data}
        format={figure}
        caption={caption}
        empty="None in the last quarter of an hour."
        table={{
          head: ['Time', `${measure.line.label} (${measure.unit})`, 'Trace id'],
          rows: events
            .slice(-12)
            .reverse()
            .map((event) => [clock(event.at), figure(measure.value(event) ?? 0), event.traceId]),
        }}
      />
    </Panel>
  );
}

const distances: Measure = {
  id: 'distances',
  title: 'Distance',
  hint: 'Of each run, in kilometres',
  type: 'running_stats',
  line: { label: 'Distance', colour: 'series-1', dots: 'full' },
  value: (event) => (event.distance === undefined ? undefined : event.distance / 1000),
  unit: 'km',
};

const durations: Measure = {
  id: 'durations',
  title: 'Run duration',
  hint: 'Of each run, in minutes',
  type: 'running_stats',
  line: { label: 'Duration', colour: 'series-3', dots: 'full' },
  value: (event) => (event.duration === undefined ? undefined : event.duration / 60),
  unit: 'min',
};

const songs: Measure = {
  id: 'song-durations',
  title: 'Songs',
  hint: 'The length of each song, in minutes',
  type: 'music_info',
  line: { label: 'Length', colour: 'series-4', dots: 'ring' },
  value: (event) => (event.duration === undefined ? undefined : event.duration / 60),
  unit: 'min',
};

export const Distances = () => <Measured measure={distances} />;
export const Durations = () => <Measured measure={durations} />;
export const Songs = () => <Measured measure={songs} />;
