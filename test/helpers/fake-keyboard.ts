/** A terminal's input that a test types into, under the real keyboard. */
import { EventEmitter } from 'node:events';
import { createKeyboard, type Keyboard } from '../../src/runner/terminal/keyboard.ts';

export interface FakeKeyboard extends Keyboard {
  type(text: string): void;
  /** The program goes on after Ctrl-Z. */
  goOn(where: 'foreground' | 'background'): void;
  /** The terminal is gone. */
  hangUp(): void;
  /** What became of the terminal, in order: `raw`, `cooked`, `reading`, `paused`, signals. */
  readonly deeds: readonly string[];
}

export function fakeKeyboard(
  options: {
    readonly isTTY?: boolean;
    readonly isInBackground?: boolean;
    readonly raise?: (signal: string) => void;
  } = {},
): FakeKeyboard {
  const deeds: string[] = [];
  const input = Object.assign(new EventEmitter(), {
    isTTY: options.isTTY ?? true,
    setRawMode: (isRaw: boolean) => deeds.push(isRaw ? 'raw' : 'cooked'),
    resume: () => deeds.push('reading'),
    pause: () => deeds.push('paused'),
  });
  let isInForeground = options.isInBackground !== true;
  const continued = new Set<() => void>();
  const keyboard = createKeyboard({
    input: () => input,
    raise(signal) {
      deeds.push(signal);
      options.raise?.(signal);
    },
    whenContinued(listener) {
      continued.add(listener);
      return () => continued.delete(listener);
    },
    isInForeground: () => isInForeground,
  });
  return {
    ...keyboard,
    deeds,
    type: (text) => void input.emit('data', Buffer.from(text)),
    goOn(where) {
      isInForeground = where === 'foreground';
      for (const listener of continued) listener();
    },
    hangUp: () => void input.emit('error', Object.assign(new Error('read EIO'), { code: 'EIO' })),
  };
}
