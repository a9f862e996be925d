import { signal } from '@preact/signals';

/** The part of the address after the #, such as /events/1738302360430669700; empty for the dashboard itself. */
export const route = signal('');

export function followRoute(): void {
  const read = () => {
    route.value = location.hash.replace(/^#/, '');
  };
  read();
  addEventListener('hashchange', read);
}

/** Where an event's own page is. */
export const eventAddress = (traceId: string): string => `#/events/${encodeURIComponent(traceId)}`;

/** The trace id whose page the address names, or undefined. */
export function eventOf(address: string): string | undefined {
  const written = /^\/events\/([^/]+)$/.exec(address)?.[1];
  try {
    return written === undefined ? undefined : decodeURIComponent(written);
  } catch {
    // Not an encoding of anything: taken as it stands.
    return written;
  }
}
