import { eventAddress } from './route';
import { fields, list, text } from './json';
import { Age, Panel } from './panel';
import { Raw } from './raw';
import type { Source } from './source';
import { bid, index, listing } from './sources';

function Nth({ id, title, source }: { id: string; title: string; source: Source }) {
  const traceId = text(fields(list(source.json.value)[0])['trace_id']);
  return (
    <div class="nth">
      <div class="nth-head">
        <h3>{title}</h3>
        <Age source={source} />
      </div>
      <Raw id={id} source={source} label={`${title} as JSON`} />
      {source.state.value === 'ready' && traceId && (
        <p class="note">
          <a href={eventAddress(traceId)}>Where this event has been</a>
        </p>
      )}
    </div>
  );
}

/** The n-th event of each type. */
export function Explorer() {
  const change = (event: Event) => {
    index.value = (event.currentTarget as HTMLInputElement).value;
    void listing.refresh();
    void bid.refresh();
  };
  return (
    <Panel id="explorer" title="Event explorer" hint="The n-th event of the topic, counted from 0">
      <form class="field-row" onSubmit={(event) => event.preventDefault()}>
        <label for="index">Index</label>
        <input id="index" type="number" min="0" step="1" inputMode="numeric" placeholder="1" value={index.value} onInput={change} />
        <span class="hint">Empty means 1</span>
      </form>
      <div class="pair">
        <Nth id="event-listings" title="Listing" source={listing} />
        <Nth id="event-bids" title="Bid" source={bid} />
      </div>
    </Panel>
  );
}
