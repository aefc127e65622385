/** The theme somebody chose; `system` follows prefers-color-scheme through CSS alone. */
export type Theme = 'system' | 'light' | 'dark';

const KEY = 'skein.theme';

export function readTheme(): Theme {
  const stored = window.localStorage.getItem(KEY);
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

export function applyTheme(theme: Theme): void {
  if (theme === 'system') {
    delete document.documentElement.dataset.theme;
    window.localStorage.removeItem(KEY);
  } else {
    document.documentElement.dataset.theme = theme;
    window.localStorage.setItem(KEY, theme);
  }
}
