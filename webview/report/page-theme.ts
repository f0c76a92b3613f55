/** The page's colours as a canvas needs them, from its CSS variables; on paper always the light ones. */
import type { Theme } from '../charts/theme.ts';

export function readPageTheme(): Theme {
  const style = getComputedStyle(document.documentElement);
  const variable = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    isHighContrast: matchMedia('(forced-colors: active)').matches,
    foreground: variable('text'),
    muted: variable('muted'),
    gridLine: variable('line'),
    background: variable('page'),
    tooltipBackground: variable('raised'),
    tooltipForeground: variable('text'),
    tooltipBorder: variable('line'),
    fontFamily: getComputedStyle(document.body).fontFamily,
    fontSizePx: 11,
    colors: {
      blue: variable('blue'),
      purple: variable('purple'),
      orange: variable('orange'),
      red: variable('bad'),
      green: variable('good'),
      yellow: variable('yellow'),
      neutral: variable('muted'),
    },
  };
}

/** Calls back when the reader's system changes between light and dark, and around printing. */
export function watchPageTheme(onChange: () => void): void {
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', onChange);
  const root = document.documentElement;
  addEventListener('beforeprint', () => {
    root.classList.add('on-paper');
    onChange();
  });
  addEventListener('afterprint', () => {
    root.classList.remove('on-paper');
    onChange();
  });
}
