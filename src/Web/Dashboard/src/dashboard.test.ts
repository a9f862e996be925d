import { describe, expect, it } from 'vitest';
import { acceptedAt, instant, rate, span } from './format';
import { formatJson, number, parseJson } from './json';
import { rateAt, type Sample } from './live';
import { stationsOf } from './stationList';

describe('JSON', () => {
  it('keeps every digit of a trace id', () => {
    expect(parseJson('[{"trace_id":1738302360430669701,"price":12.5}]')).toEqual([{ trace_id: '1738302360430669701', price: 12.5 }]);
    expect(parseJson('{"a":-1738302360430669701}')).toEqual({ a: '-1738302360430669701' });
  });

  it('leaves digits inside texts alone, whatever is around them', () => {
    const sent = String.raw`{"say \"1738302360430669701\"":"[1738302360430669701,\\",":":9}`;
    expect(parseJson(sent)).toEqual(JSON.parse(sent));
  });

  it('refuses what is not JSON', () => {
    for (const text of ['', '{', '<html>', '{"a":1738302360430669701', '[1,]']) {
      expect(() => parseJson(text)).toThrow();
      expect(() => formatJson(text)).toThrow();
    }
  });

  it('is laid out without a change to what was sent', () => {
    const sent = '{"a":[],"b":{},"c":[1.50,"x, {y}: [\\u003c]"],"trace_id":1738302360430669701,"e":600023230.00}';
    const laidOut = formatJson(sent);
    expect(laidOut.replace(/\n */g, '').replace(/": /g, '":')).toBe(sent);
    expect(laidOut.split('\n')).toHaveLength(10);
  });

  it('knows a number that was too long to stay one', () => {
    expect(number('1738302360430669701')).toBeGreaterThan(1e18);
    expect(number('12')).toBeUndefined();
    expect(number(null)).toBeUndefined();
  });
});

describe('times', () => {
  it('reads the moment out of a trace id', () => {
    expect(acceptedAt('1738302360430669700')).toBeCloseTo(1738302360430.669, 2);
    expect(acceptedAt('42')).toBeUndefined();
    expect(acceptedAt('0190a6b0-0000-7000-8000-000000000000')).toBe(0x0190a6b00000);
    expect(acceptedAt('f058ebd6-02f7-4d3f-942e-904344e8cde5')).toBeUndefined();
  });

  it('takes a time without a zone as UTC', () => {
    const at = Date.UTC(2025, 3, 10, 16, 47, 13, 123);
    for (const text of ['2025-04-10T16:47:13.123', '2025-04-10 16:47:13.123', '2025-04-10T16:47:13.123Z', '2025-04-10T18:47:13.123+02:00']) expect(instant(text)).toBe(at);
    expect(instant('yesterday')).toBeUndefined();
  });

  it('says how long in the unit that suits', () => {
    expect([0.4, 12.4, 1500, 42_000, 3_600_000].map(span)).toEqual(['<1 ms', '12 ms', '1.5 s', '42 s', '60 min']);
    expect([undefined, 0, 0.01, 3.94, 1234].map(rate)).toEqual(['–', '0/s', '<0.1/s', '3.9/s', '1,234/s']);
  });
});

describe('rates', () => {
  const at = (second: number, stored?: number): Sample => ({ at: second * 1000, ...(stored === undefined ? {} : { stored }) });

  it('are differences over the time between samples', () => {
    expect(rateAt([at(0, 10), at(2, 30)], 'stored')).toBe(10);
    expect(rateAt([at(0, 10)], 'stored')).toBeUndefined();
  });

  it('are not known where a station could not be asked, and never below nothing', () => {
    expect(rateAt([at(0, 10), at(2)], 'stored')).toBeUndefined();
    expect(rateAt([at(0, 900), at(2, 3)], 'stored')).toBe(0);
  });
});

describe('stations', () => {
  it('come in order with words for each state, and unknown ones last', () => {
    const stations = stationsOf({
      stations: {
        later: { state: 'reached' },
        stored: { state: 'unreachable', detail: 'storage did not answer.' },
        accepted: { state: 'reached', at: '2025-04-10T16:47:13Z', seq: '1843200712345678901' },
        verdict: { state: 'reached', verdict: 'missing_in_db' },
        anomalies: { state: 'reached', found: [{ anomaly_type: 'Too Low', description: 'Below 1000.' }] },
      },
    });
    expect(stations.map((station) => [station.name, station.state, station.words])).toEqual([
      ['Accepted', 'done', 'Committed to the event log'],
      ['Stored', 'away', 'storage did not answer.'],
      ['Checked', 'done', 'Missing in the database'],
      ['Watched', 'done', 'Too Low: Below 1000.'],
      ['later', 'done', 'Reached'],
    ]);
    expect(stations[0]?.facts).toEqual([['seq', '1843200712345678901']]);
  });

  it('have no tick and no time before they have happened', () => {
    const stations = stationsOf({
      stations: {
        counted: { state: 'not_reached' },
        verdict: { state: 'not_reached', verdict: 'pending', detail: 'No comparison has come to it yet.' },
      },
    });
    expect(stations.map((station) => [station.name, station.state, station.words, station.at])).toEqual([
      ['Counted', 'open', 'Not yet', undefined],
      ['Checked', 'open', 'No comparison has come to it yet.', undefined],
    ]);
  });

  it('are none in a reply that is no such thing', () => {
    for (const reply of [null, 7, 'x', [], {}, { stations: [] }]) expect(stationsOf(reply)).toEqual([]);
  });
});
