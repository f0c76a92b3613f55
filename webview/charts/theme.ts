/** VS Code's colours and font as a canvas needs them: read from its CSS variables, again whenever the theme changes. */

export type ColorName = 'blue' | 'purple' | 'orange' | 'red' | 'green' | 'yellow' | 'neutral';

export interface Theme {
  readonly isHighContrast: boolean;
  readonly foreground: string;
  readonly muted: string;
  readonly gridLine: string;
  readonly background: string;
  readonly tooltipBackground: string;
  readonly tooltipForeground: string;
  readonly tooltipBorder: string;
  readonly fontFamily: string;
  readonly fontSizePx: number;
  readonly colors: Readonly<Record<ColorName, string>>;
}

export function readTheme(): Theme {
  const style = getComputedStyle(document.body);
  const variable = (...names: readonly string[]): string => {
    for (const name of names) {
      const value = style.getPropertyValue(name).trim();
      if (value !== '') return value;
    }
    return style.color;
  };
  const isHighContrast = [...document.body.classList].some((name) => name.startsWith('vscode-high-contrast'));
  const foreground = variable('--vscode-charts-foreground', '--vscode-foreground');
  return {
    isHighContrast,
    foreground,
    muted: isHighContrast ? foreground : variable('--vscode-descriptionForeground'),
    gridLine: isHighContrast
      ? variable('--vscode-contrastBorder')
      : variable('--vscode-editorIndentGuide-background1', '--vscode-charts-lines'),
    background: variable('--vscode-editor-background'),
    tooltipBackground: variable('--vscode-editorHoverWidget-background', '--vscode-editor-background'),
    tooltipForeground: variable('--vscode-editorHoverWidget-foreground', '--vscode-foreground'),
    tooltipBorder: variable('--vscode-editorHoverWidget-border', '--vscode-contrastBorder'),
    fontFamily: variable('--vscode-font-family'),
    fontSizePx: Math.max(9, (Number.parseFloat(variable('--vscode-font-size')) || 13) - 2),
    colors: {
      blue: opaque(variable('--vscode-charts-blue')),
      purple: opaque(variable('--vscode-charts-purple')),
      orange: opaque(variable('--vscode-charts-orange', '--vscode-charts-yellow')),
      red: opaque(variable('--vscode-charts-red')),
      green: opaque(variable('--vscode-charts-green')),
      yellow: opaque(variable('--vscode-charts-yellow')),
      neutral: isHighContrast ? foreground : variable('--vscode-descriptionForeground'),
    },
  };
}

/** The default themes have a translucent orange, made for highlighting text: a line of it could hardly be seen. */
function opaque(color: string): string {
  return color.replace(/^(#[0-9a-f]{6})[0-9a-f]{2}$/i, '$1').replace(/^rgba\(([^,]+,[^,]+,[^,]+),[^)]*\)$/, 'rgb($1)');
}

/** VS Code changes the class of the body and the style of the root when the theme changes. */
export function watchTheme(onChange: (theme: Theme) => void): () => void {
  const observer = new MutationObserver(() => onChange(readTheme()));
  observer.observe(document.body, { attributes: true, attributeFilter: ['class'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
  return () => observer.disconnect();
}
