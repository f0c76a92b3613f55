/** Entry of the dashboard: messages in, one state, a page out, at most four times a second. */
import '@vscode-elements/elements/dist/vscode-button/index.js';
import { render } from 'lit';
import type { FromDashboard, ToDashboard } from '../src/contract/protocol/webview.ts';
import './charts/bench-chart.ts';
import { readTheme, watchTheme } from './charts/theme.ts';
import { fromKept, toKept } from './persist.ts';
import { isOver, reduce } from './store.ts';
import './styles/dashboard.css';
import { Announcer } from './views/announcer.ts';
import { dashboardView } from './views/dashboard.ts';

declare function acquireVsCodeApi(): {
  postMessage(message: FromDashboard): void;
  getState(): unknown;
  setState(state: unknown): void;
};

const SHORTEST_FRAME_MS = 250;
const KEEP_EVERY_MS = 2_000;

const host = acquireVsCodeApi();
const root = document.body.appendChild(document.createElement('div'));
const announcer = new Announcer();
let { dashboard: state, choices } = fromKept(host.getState());
let theme = readTheme();
let paintedAtMs = Number.NEGATIVE_INFINITY;
let keptAtMs = Number.NEGATIVE_INFINITY;
let isPlanned = false;

function paint(): void {
  isPlanned = false;
  paintedAtMs = performance.now();
  const announcement = announcer.text(state, paintedAtMs);
  const post = (message: FromDashboard): void => host.postMessage(message);
  render(dashboardView({ state, choices, theme, announcement, post, choose }), root);
}

function plan(): void {
  if (isPlanned) return;
  isPlanned = true;
  const waitMs = Math.max(0, paintedAtMs + SHORTEST_FRAME_MS - performance.now());
  setTimeout(() => requestAnimationFrame(paint), waitMs);
}

function keep(): void {
  keptAtMs = performance.now();
  host.setState(toKept(state, choices));
}

function choose(next: typeof choices): void {
  choices = next;
  keep();
  paint();
}

window.addEventListener('message', (event: MessageEvent<ToDashboard>) => {
  const wasOver = isOver(state);
  state = reduce(state, event.data);
  const isMilestone = event.data.type === 'reset' || isOver(state) !== wasOver;
  if (isMilestone || performance.now() - keptAtMs > KEEP_EVERY_MS) keep();
  plan();
});
watchTheme((next) => {
  theme = next;
  plan();
});
paint();
host.postMessage({ type: 'ready' });
