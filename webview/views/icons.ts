/** The few icons of the dashboard, drawn here: no icon font to load, and each is decorative beside a word. */
import { svg, html, type TemplateResult } from 'lit';

const PATHS = {
  check: svg`<path d="M3.2 8.4 6.4 11.6 12.8 4.8" />`,
  cross: svg`<path d="M4.2 4.2 11.8 11.8 M11.8 4.2 4.2 11.8" />`,
  question: svg`<path d="M5.6 5.9a2.5 2.5 0 1 1 3.7 2.2c-.9.5-1.3.9-1.3 1.9 M8 12.6v.2" />`,
  dash: svg`<path d="M4 8h8" />`,
  warning: svg`<path d="M8 2.6 14.2 13.4H1.8Z M8 6.6v3.2 M8 11.4v.2" />`,
  play: svg`<path class="solid" d="M5 3.4v9.2L12.4 8Z" />`,
  stop: svg`<path class="solid" d="M4.5 4.5h7v7h-7Z" />`,
  drain: svg`<path d="M3.5 4h9L9.4 8.2v3.4l-2.8 1.6V8.2Z" />`,
  hourglass: svg`<path d="M4.5 2.8h7 M4.5 13.2h7 M5.4 2.8c0 3 5.2 3.6 5.2 5.2S5.4 10.2 5.4 13.2 M10.6 2.8c0 3-5.2 3.6-5.2 5.2s5.2 2.2 5.2 5.2" />`,
  pulse: svg`<path d="M1.8 8.4h2.8L6.4 4l3.2 8 1.8-3.6h2.8" />`,
  report: svg`<path d="M4 2.4h5.2L12 5.2v8.4H4Z M6 8h4 M6 10.6h4" />`,
  again: svg`<path d="M12.6 6.2A5 5 0 1 0 13 9 M12.9 2.9v3.4H9.5" />`,
} as const;

export type IconName = keyof typeof PATHS;

export function icon(name: IconName, slot?: string): TemplateResult {
  return slot === undefined
    ? html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">${PATHS[name]}</svg>`
    : html`<svg class="icon" slot=${slot} viewBox="0 0 16 16" aria-hidden="true">${PATHS[name]}</svg>`;
}
