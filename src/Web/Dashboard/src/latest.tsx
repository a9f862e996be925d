import { paused } from './clock';
import { clock, count, price, span } from './format';
import { Panel } from './panel';
import { eventAddress } from './route';
import { dropped, streaming, tail } from './tail';

/** The newest events as they come in. */
export function Latest() {
  const how = paused.value ? 'Paused' : streaming.value ? 'Live' : 'Asked every 4 s';
  return (
    <Panel id="latest" title="Latest events" hint="As the topic delivers them" actions={<span class="age">{how}</span>}>
      {tail.value.length === 0 ? (
        <p class="state">No event in the last quarter of an hour. Post one, and it appears here.</p>
      ) : (
        <div class="scroll" tabIndex={0} role="region" aria-label="The latest events as a table">
          <table>
            <thead>
              <tr>
                <th scope="col">Accepted</th>
                <th scope="col">Type</th>
                <th scope="col" class="end">Id</th>
                <th scope="col" class="end">Price</th>
                <th scope="col" class="end">Took</th>
                <th scope="col">Trace id</th>
              </tr>
            </thead>
            <tbody>
              {tail.value.map((event) => (
                <tr key={event.traceId}>
                  <td>{clock(event.at)}</td>
                  <td><span class={`tag ${event.type}`}>{event.type === 'listings' ? 'Listing' : event.type === 'bids' ? 'Bid' : event.type}</span></td>
                  <td class="end">{event.eventId}</td>
                  <td class="end">{price(event.price)}</td>
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
