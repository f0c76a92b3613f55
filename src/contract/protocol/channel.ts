/**
 * Typed request/response and events over any pipe that can post and receive plain data.
 * The same code serves the runner (Node IPC), the webview (postMessage) and tests (two linked arrays).
 */

/** A pipe: Node IPC, postMessage, or two linked arrays. */
export interface Port {
  post(message: unknown): void;
  /** Returns a function that stops listening. */
  onMessage(listener: (message: unknown) => void): () => void;
}

/** Requests by name: `{ hello: { params: X; result: Y } }`. */
export type RequestMap = Record<string, { readonly params: unknown; readonly result: unknown }>;
/** Events by name: `{ snapshot: Snapshot }`. */
export type EventMap = Record<string, unknown>;

interface Envelope {
  readonly kind: 'request' | 'response' | 'event';
  readonly id?: number;
  readonly name?: string;
  readonly data?: unknown;
  readonly error?: { readonly code: string; readonly message: string };
}

/** Rejection of a call; matched by `code`. */
export class ChannelError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.name = 'ChannelError';
    this.code = code;
  }
}

/** One side of a channel: it answers `Serves`, may call `Calls`, sends `Sends` and hears `Hears`. */
export class Channel<
  Serves extends RequestMap,
  Calls extends RequestMap,
  Sends extends EventMap,
  Hears extends EventMap,
> {
  readonly #port: Port;
  readonly #pending = new Map<number, { resolve(value: unknown): void; reject(error: ChannelError): void }>();
  readonly #handlers = new Map<string, (params: unknown) => unknown>();
  readonly #listeners = new Map<string, Set<(data: unknown) => void>>();
  readonly #stop: () => void;
  #nextId = 1;
  #closed = false;

  constructor(port: Port) {
    this.#port = port;
    this.#stop = port.onMessage((message) => void this.#receive(message));
  }

  /** Answers requests of this name. The handler checks its params: they come from another process. */
  handle<Name extends keyof Serves & string>(
    name: Name,
    handler: (params: unknown) => Serves[Name]['result'] | Promise<Serves[Name]['result']>,
  ): void {
    this.#handlers.set(name, handler);
  }

  /** @throws ChannelError with the other side's code, or `CHANNEL_CLOSED`. */
  call<Name extends keyof Calls & string>(name: Name, params: Calls[Name]['params']): Promise<Calls[Name]['result']> {
    if (this.#closed) return Promise.reject(new ChannelError('CHANNEL_CLOSED', `channel closed before "${name}"`));
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#port.post({ kind: 'request', id, name, data: params } satisfies Envelope);
    });
  }

  send<Name extends keyof Sends & string>(name: Name, data: Sends[Name]): void {
    if (!this.#closed) this.#port.post({ kind: 'event', name, data } satisfies Envelope);
  }

  on<Name extends keyof Hears & string>(name: Name, listener: (data: Hears[Name]) => void): () => void {
    const set = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, set);
    set.add(listener as (data: unknown) => void);
    return () => set.delete(listener as (data: unknown) => void);
  }

  /** Stops listening; pending calls reject with `CHANNEL_CLOSED`. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#stop();
    for (const call of this.#pending.values())
      call.reject(new ChannelError('CHANNEL_CLOSED', 'the other side is gone'));
    this.#pending.clear();
  }

  async #receive(message: unknown): Promise<void> {
    if (!isEnvelope(message)) return;
    if (message.kind === 'event') {
      for (const listener of this.#listeners.get(message.name ?? '') ?? []) listener(message.data);
    } else if (message.kind === 'response') {
      const call = this.#pending.get(message.id ?? 0);
      this.#pending.delete(message.id ?? 0);
      if (message.error === undefined) call?.resolve(message.data);
      else call?.reject(new ChannelError(message.error.code, message.error.message));
    } else {
      await this.#answer(message);
    }
  }

  async #answer(message: Envelope): Promise<void> {
    const reply = (rest: Partial<Envelope>): void => {
      if (!this.#closed)
        this.#port.post({ kind: 'response', ...(message.id === undefined ? {} : { id: message.id }), ...rest });
    };
    const handler = this.#handlers.get(message.name ?? '');
    if (handler === undefined)
      return reply({ error: { code: 'UNKNOWN_REQUEST', message: `unknown request "${message.name ?? ''}"` } });
    try {
      reply({ data: await handler(message.data) });
    } catch (thrown) {
      const error = thrown as { code?: unknown; message?: unknown };
      reply({
        error: {
          code: typeof error.code === 'string' ? error.code : 'INTERNAL',
          message: String(error.message ?? thrown),
        },
      });
    }
  }
}

function isEnvelope(message: unknown): message is Envelope {
  return (
    typeof message === 'object' &&
    message !== null &&
    ['request', 'response', 'event'].includes((message as { kind?: string }).kind ?? '')
  );
}
