/**
 * The runs this workspace started last, kept by VS Code: so that a window that was reloaded, or crashed, can say what became
 * of them, and a restored dashboard finds its result.
 */
import { randomUUID } from 'node:crypto';

export interface RunEntry {
  readonly runId: string;
  readonly uri: string;
  readonly benchmark: string;
  readonly directory: string;
  readonly startedAt: string;
  readonly state: 'running' | 'ended';
  readonly runnerPid?: number;
  /** Process id of the extension host that started it. */
  readonly hostPid: number;
  /** Tells a new host with a re-used process id from the one that started it. */
  readonly hostId: string;
}

/** `vscode.Memento`, as far as it is needed. */
export interface Store {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

const KEY = 'benchwright.runs';
const MAX_ENTRIES = 40;

export class RunIndex {
  readonly #store: Store;
  readonly #hostId = randomUUID();
  readonly #hostPid: number;

  constructor(store: Store, hostPid: number) {
    this.#store = store;
    this.#hostPid = hostPid;
  }

  entries(): readonly RunEntry[] {
    const kept = this.#store.get(KEY);
    return Array.isArray(kept) ? kept.filter(isRunEntry) : [];
  }

  find(runId: string): RunEntry | undefined {
    return this.entries().find((entry) => entry.runId === runId);
  }

  async began(entry: Omit<RunEntry, 'state' | 'hostPid' | 'hostId'>): Promise<void> {
    const others = this.entries().filter((each) => each.runId !== entry.runId);
    const added: RunEntry = { ...entry, state: 'running', hostPid: this.#hostPid, hostId: this.#hostId };
    await this.#store.update(KEY, [added, ...others].slice(0, MAX_ENTRIES));
  }

  async ended(runId: string): Promise<void> {
    const entries = this.entries().map((each) => (each.runId === runId ? { ...each, state: 'ended' as const } : each));
    await this.#store.update(KEY, entries);
  }

  /** Runs that began under another extension host and of whose end nobody has told yet. */
  leftBehind(): readonly RunEntry[] {
    return this.entries().filter((entry) => entry.state === 'running' && entry.hostId !== this.#hostId);
  }
}

function isRunEntry(value: unknown): value is RunEntry {
  const entry = value as Partial<RunEntry> | null;
  return (
    typeof entry === 'object' &&
    entry !== null &&
    [entry.runId, entry.uri, entry.benchmark, entry.directory, entry.hostId].every(
      (each) => typeof each === 'string',
    ) &&
    typeof entry.hostPid === 'number' &&
    (entry.state === 'running' || entry.state === 'ended')
  );
}
