// Light and dark: the choice, and the colours that canvases need, read from the style sheet so that they are written down once.

export type Theme = 'auto' | 'light' | 'dark';

export interface ThemeColors {
  readonly text: string;
  readonly grid: string;
  readonly heat: string;
  readonly isDark: boolean;
}

const KEY = 'telltale-theme';
const prefersDark = matchMedia('(prefers-color-scheme: dark)');
let colors: ThemeColors | undefined;

export function themeColors(): ThemeColors {
  if (colors === undefined) {
    const style = getComputedStyle(document.documentElement);
    const of = (name: string) => style.getPropertyValue(name).trim();
    colors = { text: of('--quiet'), grid: of('--grid'), heat: of('--accent'), isDark: of('--is-dark') === '1' };
  }
  return colors;
}

/** The color of the n-th series: twelve that are told apart well, then others around the circle. */
export function seriesColor(index: number): string {
  const hue = HUES[index] ?? (index * 137.5) % 360;
  const lift = (index >> 4) % 3;
  return themeColors().isDark ? `hsl(${hue} 75% ${66 - lift * 7}%)` : `hsl(${hue} 70% ${42 + lift * 6}%)`;
}
const HUES = [212, 28, 150, 338, 268, 50, 185, 5, 95, 305, 235, 120];

export function currentTheme(): Theme {
  try {
    const stored = localStorage.getItem(KEY);
    return stored === 'light' || stored === 'dark' ? stored : 'auto';
  } catch {
    // Storage may be forbidden; the choice then lasts as long as the page.
    return 'auto';
  }
}

export function chooseTheme(theme: Theme): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // As above.
  }
  applyTheme(theme);
}

export function applyTheme(theme: Theme): void {
  const isDark = theme === 'dark' || (theme === 'auto' && prefersDark.matches);
  document.documentElement.dataset.theme = isDark ? 'dark' : 'light';
  colors = undefined;
  document.dispatchEvent(new Event('themechange'));
}

prefersDark.addEventListener('change', () => applyTheme(currentTheme()));
