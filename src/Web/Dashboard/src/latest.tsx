import { paused } from './clock';
import { clock, count, price, span } from './format';
import { Panel } from './panel';
import { eventAddress } from './route';
import { dropped, shownRows, streaming, tail, type Seen } from './tail';

const titles: Record<string, string> = { listings: 'Listing', bids: 'Bid', running_stats: 'Run', music_info: 'Song' };

/** What an event comes to: its price, how far a run went, how long a song is. */
function worth(event: Seen): string {
  if (event.distance !== undefined) return `${(event.distance / 1000).toFixed(2)} km`;
  if (event.duration !== undefined) return `${(event.duration / 60).toFixed(2)} min`;
  return price(event.price);
}

/** The newest events of some types as they come in. */
export function Latest({ id, types, value }: { id: string; types: readonly string[]; value: string }) {
  const events = tail.value.filter((event) => types.includes(event.type)).slice(0, shownRows);
  const how = paused.value ? 'Paused' : streaming.value ? 'Live' : 'Asked every 4 s';
  return (
    <Panel id={id} title="Latest events" hint="As the topic delivers them" actions={<span class="age">{how}</span>}>
      {events.length === 0 ? (
        <p class="state">No event in the last quarter of an hour. Post one, and it appears here.</p>
      ) : (
        <div class="scroll" tabIndex={0} role="region" aria-label="The latest events as a table">
          <table>
            <thead>
              <tr>
                <th scope="col">Accepted</th>
                <th scope="col">Type</th>
                <th scope="col" class="end">Id</th>
                <th scope="col" class="end">{value}</th>
                <th scope="col" class="end">Took</th>
                <th scope="col">Trace id</th>
              </tr>
            </thead>
            <tbody>
              {events.map((event) => (
                <tr key={event.traceId}>
                  <td>{clock(event.at)}</td>
                  <td><span class={`tag ${event.type}`}>{titles[event.type] ?? event.type}</span></td>
                  <td class="end">{event.eventId}</td>
                  <td class="end">{worth(event)}</td>
                  <td class="end">{event.latency === undefined ? '–' : span(event.latency)}</td>
                  <td><a class="trace" href={eventAddress(event.traceId)}>{event.traceId}</a></td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {dropped.value > 0 && <p class="note">{count(dropped.value)} events went by too fast to be shown here; they are stored all the same.</p>}
    </Panel>
  );
}
