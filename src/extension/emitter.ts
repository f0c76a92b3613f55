/** Events and things with an end, without VS Code: so that what uses them can be tested without it. */

export interface Disposable {
  dispose(): void;
}

export class Emitter<T> implements Disposable {
  readonly #listeners = new Set<(value: T) => void>();

  /** Listens until the result is disposed. */
  on(listener: (value: T) => void): Disposable {
    this.#listeners.add(listener);
    return { dispose: () => void this.#listeners.delete(listener) };
  }

  fire(value: T): void {
    for (const listener of [...this.#listeners]) listener(value);
  }

  dispose(): void {
    this.#listeners.clear();
  }
}
