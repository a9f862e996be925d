// JSON whose long whole numbers stay exact: a trace id has 19 digits, and a browser's number holds 15.

const token = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null|[[\]{}:,]/g;
const longNumber = /^-?\d{16,}$/;

/** Parses JSON; whole numbers of 16 digits and more become strings of exactly those digits. */
export function parseJson(text: string): unknown {
  return JSON.parse(text.replace(token, (part) => (longNumber.test(part) ? `"${part}"` : part)));
}

/** The same JSON with line breaks, every number and string as it was sent. Fails when it is not JSON. */
export function formatJson(text: string): string {
  JSON.parse(text);
  let depth = 0;
  let result = '';
  const parts = text.match(token) ?? [];
  const line = () => '\n' + '  '.repeat(depth);
  parts.forEach((part, at) => {
    const next = parts[at + 1];
    if (part === '{' || part === '[') {
      depth++;
      result += part + (next === '}' || next === ']' ? '' : line());
    } else if (part === '}' || part === ']') {
      depth--;
      const before = parts[at - 1];
      result += (before === '{' || before === '[' ? '' : line()) + part;
    } else if (part === ',') result += part + line();
    else if (part === ':') result += ': ';
    else result += part;
  });
  return result;
}

/** The value when it is an object, else an empty one: what comes from outside may be anything. */
export function fields(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** The value when it is a list, else an empty one. */
export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A number, or undefined for anything else. */
export function number(value: unknown): number | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  return typeof value === 'string' && longNumber.test(value) ? Number(value) : undefined;
}

/** A text: strings as they are, numbers as written, else nothing. */
export function text(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}
