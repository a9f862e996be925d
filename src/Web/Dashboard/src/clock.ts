import { signal } from '@preact/signals';

/** The browser's time, moved on every second; 0 until the page runs. */
export const now = signal(0);

/** Whether the user stopped everything that moves. */
export const paused = signal(false);

export function startClock(): void {
  now.value = Date.now();
  setInterval(() => {
    now.value = Date.now();
  }, 1000);
}
