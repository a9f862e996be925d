import type { JSX } from 'preact';

// Drawn here, so that the page needs no font and no other host. They never stand alone: a word beside each says the same.
const shapes: Record<string, JSX.Element> = {
  ok: <path d="M4 8.5l2.6 2.6L12 5.4" />,
  warn: <path d="M8 3.5v5.6M8 11.9v.1" />,
  away: <path d="M4.5 4.5l7 7M11.5 4.5l-7 7" />,
  wait: <path d="M8 4v4l2.6 1.6" />,
  pause: <path d="M5.5 4v8M10.5 4v8" />,
  play: <path d="M5.5 3.8v8.4L12 8z" />,
};

export function Icon({ name }: { name: keyof typeof shapes & string }) {
  return (
    <svg class={`icon icon-${name}`} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      {shapes[name]}
    </svg>
  );
}
