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

/** Calls back when the reader's system or editor changes between light and dark, and around printing. */
export function watchPageTheme(onChange: () => void): void {
  followEditor();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', onChange);
  new MutationObserver(() => {
    followEditor();
    onChange();
  }).observe(document.body, { attributes: true, attributeFilter: ['class'] });
  const onPaper = (isOnPaper: boolean): void => {
    document.documentElement.classList.toggle('on-paper', isOnPaper);
    onChange();
  };
  addEventListener('beforeprint', () => onPaper(true));
  addEventListener('afterprint', () => onPaper(false));
}

/** VS Code says by a class of the body whether its theme is dark; in a browser there is none, and the system decides. */
function followEditor(): void {
  const classes = [...document.body.classList].filter((name) => name.startsWith('vscode-'));
  const isDark = classes.includes('vscode-dark') || classes.includes('vscode-high-contrast');
  const isLight = classes.includes('vscode-light') || classes.includes('vscode-high-contrast-light');
  document.documentElement.classList.toggle('dark', isDark && !isLight);
  document.documentElement.classList.toggle('light', isLight);
}
