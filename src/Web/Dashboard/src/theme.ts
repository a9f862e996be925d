import { signal } from '@preact/signals';

export type Theme = 'system' | 'light' | 'dark';
export const themes: readonly Theme[] = ['system', 'light', 'dark'];

/** What the user chose; the system's theme unless told otherwise. */
export const theme = signal<Theme>('system');

/** Reads the choice of an earlier visit, which theme.js has already applied. */
export function restoreTheme(): void {
  const applied = document.documentElement.dataset['theme'];
  theme.value = applied === 'light' || applied === 'dark' ? applied : 'system';
}

export function choose(chosen: Theme): void {
  if (chosen === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = chosen;
  try {
    localStorage.setItem('theme', chosen);
  } catch {
    // A browser that keeps nothing has the theme for this visit.
  }
  theme.value = chosen;
}
