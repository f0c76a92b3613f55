/** One run in the terminal: shown while it goes on, stopped by Ctrl-C, ended with an exit code in every case. */
import { EXIT_CODES, RunError, type ExitCode, type RunErrorData } from '../../contract/errors.ts';
import type { RunFinished, StartParams } from '../../contract/protocol/runner.ts';
import type { RunHandle } from '../run/run.ts';
import { renderError } from '../terminal/render-error.ts';
import { createRunView, type RunView, type ViewKind } from '../terminal/run-view.ts';
import { visibleData, visibleText } from '../terminal/visible-text.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { CommandContext } from './command.ts';
import { listenToInterrupts, type InterruptStep } from './interrupts.ts';
import { listenToRateKeys } from './rate-keys.ts';

export interface ExecutedRun {
  /** Absent when it could not be carried out. */
  readonly finished?: RunFinished;
  readonly exitCode: ExitCode;
  readonly wasInterrupted: boolean;
}

const NOTES: Readonly<Record<InterruptStep, string>> = {
  stop: 'Stopping: no new requests, those running may finish. Ctrl-C again cuts them.',
  abort: 'Cutting the requests still running; the report follows. Ctrl-C again leaves without it.',
  leave: 'Left without a report.',
};
/** Seconds in which nothing else is to be seen. */
const GETTING_READY = 'Getting ready: the backend is asked, and the generator rehearses.';
const PREPARING = 'Stopping before anything is sent. Ctrl-C again leaves at once.';

export async function executeRun(params: StartParams, view: ViewKind, context: CommandContext): Promise<ExecutedRun> {
  const { terminal, services } = context;
  const shown = createRunView(view, terminal);
  const controls = new Controls(shown, context);
  let hasFailed = false;
  try {
    shown.wait?.(GETTING_READY);
    const startRun = await services.startRun();
    const handle = await startRun(params, {
      onEvent(line) {
        hasFailed ||= line.event === 'run.failed';
        shown.onEvent(line);
      },
    });
    controls.steer(handle);
    const finished = await handle.finished;
    return { finished, exitCode: finished.exitCode as ExitCode, wasInterrupted: controls.step !== undefined };
  } catch (thrown) {
    const error = RunError.from(thrown);
    if (view === 'json' && !hasFailed) shown.onEvent({ event: 'run.failed', data: { error: error.toData() } });
    shown.dispose();
    if (view !== 'json') terminal.writeError(`${renderRunError(error.toData(), terminal)}\n`);
    if (error.code === 'RUN_INTERNAL') terminal.writeError(`${stackOf(thrown)}\n`);
    return { exitCode: error.exitCode, wasInterrupted: controls.step !== undefined };
  } finally {
    controls.dispose();
    shown.dispose();
  }
}

export function renderRunError(error: RunErrorData, terminal: Terminal): string {
  return renderError(visibleData(error), terminal).join('\n');
}

/** What a person does to a run from its terminal. Steps taken before there is a run are taken as soon as there is one. */
class Controls {
  step: InterruptStep | undefined;
  readonly #view: RunView;
  readonly #context: CommandContext;
  readonly #stopListening: () => void;
  #stopKeys: () => void = () => {};
  #handle: RunHandle | undefined;
  #isAlone = false;

  constructor(view: RunView, context: CommandContext) {
    this.#view = view;
    this.#context = context;
    this.#stopListening = listenToInterrupts(context.signals, (step, isAlone) => this.#take(step, isAlone));
  }

  steer(handle: RunHandle): void {
    this.#handle = handle;
    this.#obey();
    const { keyboard } = this.#context.terminal;
    const { tellRate } = this.#view;
    if (keyboard !== undefined && tellRate !== undefined)
      this.#stopKeys = listenToRateKeys(handle, keyboard, tellRate.bind(this.#view));
  }

  dispose(): void {
    this.#stopKeys();
    this.#stopListening();
  }

  #take(step: InterruptStep, isAlone: boolean): void {
    this.step = step;
    this.#isAlone = isAlone;
    const isPreparing = this.#handle === undefined;
    if (step === 'leave' || (isPreparing && step === 'abort')) {
      this.#stopKeys();
      this.#view.dispose();
      this.#context.terminal.writeError(`${NOTES.leave}${this.#whereTheRecordIs()}\n`);
      this.#context.leave(EXIT_CODES.run);
      return;
    }
    this.#view.note(isPreparing ? PREPARING : NOTES[step]);
    this.#obey();
  }

  #obey(): void {
    if (this.step === 'stop') this.#handle?.stop();
    if (this.step === 'abort') this.#handle?.abort(this.#isAlone ? 'host-gone' : 'user-abort');
  }

  #whereTheRecordIs(): string {
    if (this.#handle === undefined) return '';
    const directory = this.#context.terminal.showPath(this.#handle.directory);
    return ` \`benchwright report ${directory}\` makes one from the record.`;
  }
}

function stackOf(thrown: unknown): string {
  return visibleText(thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)).replaceAll(
    '\u240a',
    '\n',
  );
}
