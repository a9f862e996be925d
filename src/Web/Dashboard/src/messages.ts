import { signal } from '@preact/signals';

export interface Message {
  id: number;
  text: string;
}

const shownFor = 7000;
let next = 1;

/** What went wrong lately, the newest first. */
export const messages = signal<Message[]>([]);

export function tell(text: string): void {
  const message = { id: next++, text };
  // The same trouble said twice helps nobody.
  messages.value = [message, ...messages.value.filter((other) => other.text !== text)].slice(0, 5);
  setTimeout(() => {
    messages.value = messages.value.filter((other) => other.id !== message.id);
  }, shownFor);
}
