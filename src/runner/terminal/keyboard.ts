/**
 * Keys as they are pressed, not line by line. A terminal that is read like this ("raw") makes no signals of Ctrl-C and its kin any more:
 * they arrive as characters, and are raised here.
 */

export interface Keyboard {
  /**
   * Calls `onKey` for each character that is typed until the returned function is called, which leaves the terminal as it was.
   * `onHeld` tells whether keys arrive: not where there is no terminal to read, nor while the program is suspended or in the background.
   */
  listen(listener: KeyListener): () => void;
}

export interface KeyListener {
  onKey(key: string): void;
  onHeld(isHeld: boolean): void;
}

/** What is read: a Node terminal, or a test's. */
export interface KeyboardInput {
  readonly isTTY?: boolean;
  setRawMode(isRaw: boolean): unknown;
  on(event: string, listener: (detail: unknown) => void): unknown;
  off(event: string, listener: (detail: unknown) => void): unknown;
  resume(): unknown;
  pause(): unknown;
}

export type TerminalSignal = 'SIGINT' | 'SIGQUIT' | 'SIGTSTP';

export interface KeyboardParts {
  /** Not touched before somebody listens. */
  readonly input: () => KeyboardInput;
  /** What the terminal itself does at such a key. */
  readonly raise: (signal: TerminalSignal) => void;
  /** Calls when the program goes on after it was suspended; returns a function that ends it. */
  readonly whenContinued: (listener: () => void) => () => void;
  /** Of a job in the background (`&`, `bg`) the terminal is somebody else's: touching it would halt the job. */
  readonly isInForeground: () => boolean;
}

const SIGNALS: Readonly<Record<string, TerminalSignal>> = {
  '\u0003': 'SIGINT',
  '\u001c': 'SIGQUIT',
  '\u001a': 'SIGTSTP',
};

/** Arrows, function keys and the like (ECMA-48, 5.4), which have printable characters in them. */
// oxlint-disable-next-line no-control-regex -- that is how they begin
const ESCAPE_SEQUENCES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|O.|.)?/g;

export function createKeyboard({ input, raise, whenContinued, isInForeground }: KeyboardParts): Keyboard {
  let stream: KeyboardInput | undefined;
  const open = (): KeyboardInput => {
    if (stream !== undefined) return stream;
    stream = input();
    // A terminal that is gone ends the typing, not the run: the hang-up has a signal of its own. It may be told late, so this stays.
    stream.on('error', () => {});
    return stream;
  };
  return { listen: (listener) => hold(open(), listener, { raise, whenContinued, isInForeground }) };
}

function hold(
  stream: KeyboardInput,
  { onKey, onHeld }: KeyListener,
  { raise, whenContinued, isInForeground }: Omit<KeyboardParts, 'input'>,
): () => void {
  if (stream.isTTY !== true) return () => {};
  let isHeld = false;
  const take = (): void => {
    if (isHeld || !isInForeground()) return;
    isHeld = true;
    stream.setRawMode(true);
    stream.on('data', onData);
    stream.resume();
    onHeld(true);
  };
  const stopReading = (): void => {
    isHeld = false;
    stream.off('data', onData);
    stream.pause();
  };
  const giveBack = (): void => {
    if (!isHeld) return;
    stopReading();
    stream.setRawMode(false);
  };
  const signalled = (signal: TerminalSignal): void => {
    // Whoever has the terminal while we sleep, or after us, gets it as we found it.
    if (signal !== 'SIGINT' && isHeld) {
      giveBack();
      onHeld(false);
    }
    raise(signal);
    // Awake again; or not put to sleep at all, where no shell is there to wake us.
    if (signal === 'SIGTSTP') take();
  };
  const onData = (bytes: unknown): void => {
    for (const key of String(bytes).replace(ESCAPE_SEQUENCES, '')) {
      const signal = SIGNALS[key];
      if (signal === undefined) onKey(key);
      else signalled(signal);
    }
  };
  const stopWaiting = whenContinued(() => {
    if (isInForeground()) {
      // Stopped from outside, we could not give it back, and the shell has set it anew.
      giveBack();
      return take();
    }
    if (!isHeld) return;
    stopReading();
    onHeld(false);
  });
  take();
  return () => {
    stopWaiting();
    giveBack();
  };
}
