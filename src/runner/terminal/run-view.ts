/** How a run is shown while it runs: a live table, plain lines, JSON lines, or not at all. */
import { createLogUpdate } from 'log-update';
import type { RunnerEventLine } from '../../contract/protocol/runner.ts';
import { EMPTY_LIVE_STATE, reduceLive, withRate, type LiveState, type ToldRate } from './live-state.ts';
import { PLAIN_EVERY_MS, renderPlainEvent, renderPlainProgress } from './plain-lines.ts';
import { renderLive } from './render-live.ts';
import { renderSummary } from './render-summary.ts';
import { renderJsonLine } from './json-line.ts';
import { visibleData } from './visible-text.ts';
import type { Terminal } from './terminal.ts';

export const VIEW_KINDS = ['table', 'plain', 'json', 'none'] as const;
export type ViewKind = (typeof VIEW_KINDS)[number];

export interface RunView {
  onEvent(line: RunnerEventLine): void;
  /** A word of the command itself, e.g. on Ctrl-C; never lost in what is redrawn. */
  note(text: string): void;
  /** What is done before there is anything of the run to be seen. A view that is not live leaves it out. */
  wait?(text: string): void;
  /** The rate that keys have asked for, `undefined` while keys do nothing. A view that is not live has no use for keys. */
  tellRate?(rate: ToldRate | undefined): void;
  /** Leaves the terminal as it was found, whatever happened. */
  dispose(): void;
}

export function createRunView(kind: ViewKind, terminal: Terminal): RunView {
  switch (kind) {
    case 'table':
      return new TableView(terminal);
    case 'plain':
      return new PlainView(terminal);
    case 'json':
      return {
        onEvent: (line) => terminal.writeOut(renderJsonLine(line)),
        note: (text) => terminal.writeError(`${text}\n`),
        dispose: () => {},
      };
    case 'none':
      return { onEvent: () => {}, note: () => {}, dispose: () => {} };
  }
}

/** What both readable views share: events made harmless, folded into a state, and a summary at the end. */
abstract class ReadableView implements RunView {
  protected state: LiveState = EMPTY_LIVE_STATE;
  protected readonly terminal: Terminal;

  constructor(terminal: Terminal) {
    this.terminal = terminal;
  }

  onEvent(unsafe: RunnerEventLine): void {
    const line = visibleData(unsafe);
    this.state = reduceLive(this.state, line);
    if (line.event === 'run.finished') this.#finish(line);
    else this.show(line);
  }

  abstract note(text: string): void;
  abstract dispose(): void;
  protected abstract show(line: RunnerEventLine): void;

  #finish(line: Extract<RunnerEventLine, { event: 'run.finished' }>): void {
    this.dispose();
    const { columns, style, showPath } = this.terminal;
    const benchmark = this.state.plan?.benchmark ?? '';
    this.terminal.writeOut(`\n${renderSummary(line.data, { benchmark, columns, style, showPath }).join('\n')}\n`);
  }
}

const CLEAR_SCREEN = '\u001b[H\u001b[2J';

class TableView extends ReadableView {
  readonly #draw: ReturnType<typeof createLogUpdate>;
  /** Lines that the terminal has wrapped anew cannot be drawn over: begin on an empty screen. */
  readonly #onResize = (): void => {
    this.#draw.done();
    this.terminal.writeOut(CLEAR_SCREEN);
    this.show();
  };

  constructor(terminal: Terminal) {
    super(terminal);
    this.#draw = createLogUpdate(terminal.stream);
    terminal.stream.on('resize', this.#onResize);
  }

  protected show(): void {
    const lines = renderLive(this.state, this.terminal);
    if (lines.length > 0) this.#draw(lines.join('\n'));
  }

  note(text: string): void {
    this.state = { ...this.state, note: text };
    if (this.state.plan === undefined) this.wait(text);
    else this.show();
  }

  wait(text: string): void {
    this.#draw(this.terminal.style.dim(text));
  }

  tellRate(rate: ToldRate | undefined): void {
    this.state = withRate(this.state, rate);
    // The terminal goes to somebody else, whose lines must not be drawn over.
    if (rate === undefined) this.#draw.done();
    else this.show();
  }

  dispose(): void {
    this.terminal.stream.off('resize', this.#onResize);
    this.#draw.clear();
    this.#draw.done();
  }
}

class PlainView extends ReadableView {
  #saidAtMs = 0;

  protected show(line: RunnerEventLine): void {
    const { style } = this.terminal;
    for (const text of renderPlainEvent(line, this.state, style)) this.note(text);
    if (line.event !== 'snapshot' || line.data.atMs - this.#saidAtMs < PLAIN_EVERY_MS) return;
    this.#saidAtMs = line.data.atMs;
    this.note(renderPlainProgress(this.state, style));
  }

  note(text: string): void {
    this.terminal.writeOut(`${text}\n`);
  }

  dispose(): void {}
}
