import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { theme } from './theme';

export interface Line {
  label: string;
  /** The name of the colour in the style sheet, such as series-1. */
  colour: string;
  dash?: number[];
  width?: number;
  dots?: 'full' | 'ring';
}

interface ChartProps {
  lines: Line[];
  /** Seconds since 1970, then one list per line. */
  data: (number | null | undefined)[][];
  format: (value: number) => string;
  /** A sentence that says what the picture shows. */
  caption: string;
  table: { head: string[]; rows: string[][] };
  empty: string;
}

const height = 200;
/** How much time is shown around a single moment, in seconds. */
const around = 30;

/** How much time a plot shows, in seconds. */
const seconds = (plot: uPlot): number => (plot.scales['x']?.max ?? 0) - (plot.scales['x']?.min ?? 0);

function colours(names: string[]): string[] {
  const style = getComputedStyle(document.documentElement);
  return names.map((name) => style.getPropertyValue(`--${name}`).trim());
}

function draw(host: HTMLElement, props: ChartProps): uPlot {
  const [ink = '', grid = '', ...strokes] = colours(['ink-soft', 'grid', ...props.lines.map((line) => line.colour)]);
  const axis = { stroke: ink, grid: { stroke: grid, width: 1 }, ticks: { stroke: grid, width: 1, size: 4 }, font: '11px system-ui, sans-serif' };
  return new uPlot(
    {
      width: Math.max(200, host.clientWidth),
      height,
      padding: [8, 26, 0, 0],
      legend: { show: false },
      cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
      scales: {
        // With a single moment the library offers a whole day after it.
        x: { range: (plot, min, max) => (new Set(plot.data[0]).size > 1 ? [min, max] : [min - around, min + around]) },
        y: { range: (_, __, max) => [0, max > 0 ? max * 1.08 : 1] },
      },
      axes: [
        { ...axis, size: 28, space: 70, values: (plot, ticks) => ticks.map((at) => new Date(at * 1000).toTimeString().slice(0, seconds(plot) < 300 ? 8 : 5)) },
        { ...axis, size: 52, space: 34, values: (_, ticks) => ticks.map(props.format) },
      ],
      series: [
        {},
        ...props.lines.map((line, at): uPlot.Series => {
          const stroke = strokes[at] ?? ink;
          if (!line.dots) return { label: line.label, stroke, width: line.width ?? 2, points: { show: false }, spanGaps: true, ...(line.dash ? { dash: line.dash } : {}) };
          return {
            label: line.label,
            stroke,
            paths: () => null,
            points: { show: true, size: line.dots === 'full' ? 5 : 7, width: 1.5, stroke, fill: line.dots === 'full' ? stroke : 'transparent' },
          };
        }),
      ],
    },
    props.data as uPlot.AlignedData,
    host,
  );
}

/** A picture of numbers over time, the sentence that says the same, and the numbers as a table. */
export function Chart(props: ChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const chosen = theme.value;
  // A line needs two points, a dot is one.
  const least = props.lines.some((line) => line.dots) ? 1 : 2;
  const some = props.data[0] !== undefined && props.data[0].length >= least;
  const latest = useRef(props);
  latest.current = props;

  useEffect(() => {
    const element = host.current;
    if (!element || !some) return;
    plot.current = draw(element, latest.current);
    const watch = new ResizeObserver(() => plot.current?.setSize({ width: Math.max(200, element.clientWidth), height }));
    watch.observe(element);
    const system = matchMedia('(prefers-color-scheme: dark)');
    const redraw = () => {
      plot.current?.destroy();
      plot.current = draw(element, latest.current);
    };
    system.addEventListener('change', redraw);
    return () => {
      watch.disconnect();
      system.removeEventListener('change', redraw);
      plot.current?.destroy();
      plot.current = undefined;
    };
  }, [chosen, some]);

  useEffect(() => plot.current?.setData(props.data as uPlot.AlignedData), [props.data]);

  return (
    <figure class="chart">
      <ul class="legend" aria-hidden="true">
        {props.lines.map((line) => (
          <li key={line.label}>
            <span class={`key ${line.colour} ${line.dots ?? (line.dash ? 'dashed' : 'line')}`} />
            {line.label}
          </li>
        ))}
      </ul>
      {some ? <div class="plot" ref={host} aria-hidden="true" /> : <p class="state plot-empty">{props.empty}</p>}
      <figcaption>{props.caption}</figcaption>
      {props.table.rows.length > 0 && (
        <details>
          <summary>Show as a table</summary>
          <div class="scroll" tabIndex={0} role="region" aria-label={`Table: ${props.caption}`}>
            <table>
              <thead>
                <tr>
                  {props.table.head.map((cell) => (
                    <th scope="col" key={cell}>
                      {cell}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {props.table.rows.map((row) => (
                  <tr key={row[0]}>
                    {row.map((cell, at) => (at === 0 ? <th scope="row" key={at}>{cell}</th> : <td key={at}>{cell}</td>))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </details>
      )}
    </figure>
  );
}
