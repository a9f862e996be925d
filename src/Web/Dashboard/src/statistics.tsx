import { count, dateTime, instant, price } from './format';
import { fields, number } from './json';
import { Content, Panel } from './panel';
import { Find } from './find';
import { Raw } from './raw';
import { analyzer, processing } from './sources';

export function Tile({ label, value }: { label: string; value: string }) {
  return (
    <div class="tile">
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}

/** What Processing counted. */
export function Statistics() {
  return (
    <Panel id="processing" title="Statistics" hint="Counted from what is stored" source={processing}>
      <Content source={processing} empty="Not counted yet.">
        {() => {
          const stats = fields(processing.json.value);
          const asOf = instant(stats['last_updated']);
          return (
            <>
              <dl class="tiles">
                <Tile label="Listings" value={count(number(stats['num_listings']))} />
                <Tile label="Bids" value={count(number(stats['num_bids']))} />
                <Tile label="Highest listing price" value={price(number(stats['max_listing_price']))} />
                <Tile label="Highest offer" value={price(number(stats['max_offer_price']))} />
              </dl>
              {asOf !== undefined && <p class="note">Counted up to {dateTime(asOf)}</p>}
            </>
          );
        }}
      </Content>
      <Raw id="processing-stats" source={processing} label="Statistics as JSON" />
    </Panel>
  );
}

/** What the Analyzer has of the topic. */
export function TopicIndex() {
  return (
    <Panel id="analyzer" title="Topic index" hint="Every event the topic has delivered" source={analyzer}>
      <Content source={analyzer}>
        {() => {
          const stats = fields(analyzer.json.value);
          return (
            <dl class="tiles">
              <Tile label="Listings" value={count(number(stats['Listings']))} />
              <Tile label="Bids" value={count(number(stats['Bids']))} />
            </dl>
          );
        }}
      </Content>
      <Raw id="analyzer-stats" source={analyzer} label="Counts of the topic as JSON" />
      <Find />
    </Panel>
  );
}
