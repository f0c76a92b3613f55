/**
 * The newest result of each scenario, and whether its text is still what was measured. The language server hashes a scenario
 * with its imports when it compiles; the same hash in the report means that nothing has changed.
 */
import type { CompileParams, CompileResult } from '../../contract/protocol/language.ts';
import type { RunPlan } from '../../contract/plan.ts';
import type { SlaResult } from '../../contract/report.ts';
import { Emitter } from '../emitter.ts';
import { readLatest, readReport } from './results.ts';

export interface LastResult {
  readonly benchmark: string;
  readonly textSha256: string;
  readonly sla: readonly SlaResult[];
  readonly directory: string;
  readonly isStale: boolean;
  readonly isInvalid: boolean;
}

export class LastResults {
  /** A scenario's URI, when something about its result is new. */
  readonly onChange = new Emitter<string>();
  readonly #compile: (params: CompileParams) => Promise<CompileResult>;
  readonly #results = new Map<string, LastResult | undefined>();

  constructor(compile: (params: CompileParams) => Promise<CompileResult>) {
    this.#compile = compile;
  }

  /** What is known now. */
  get(uri: string): LastResult | undefined {
    return this.#results.get(uri);
  }

  get all(): readonly LastResult[] {
    return [...this.#results.values()].filter((each) => each !== undefined);
  }

  /** Reads from disk what a run left there, once; `isNew`: a run has just ended. */
  async load(uri: string, scenarioFile: string, isNew = false): Promise<void> {
    if (this.#results.has(uri) && !isNew) return;
    this.#results.set(uri, undefined);
    const newest = await readLatest(scenarioFile);
    const report = newest === undefined ? undefined : await readReport(newest.directory);
    if (newest === undefined || report === undefined) return this.onChange.fire(uri);
    const { benchmark, textSha256 } = report.run;
    const isInvalid = report.validity.verdict === 'invalid';
    const result = { benchmark, textSha256, sla: report.sla, directory: newest.directory, isInvalid };
    this.#results.set(uri, { ...result, isStale: await this.#isStale(uri, result) });
    this.onChange.fire(uri);
  }

  /** After an edit of any scenario: it may be imported by others. */
  async checkFreshness(): Promise<void> {
    for (const [uri, result] of this.#results) {
      if (result === undefined) continue;
      const isStale = await this.#isStale(uri, result);
      if (isStale === result.isStale || this.#results.get(uri) !== result) continue;
      this.#results.set(uri, { ...result, isStale });
      this.onChange.fire(uri);
    }
  }

  /** A text that does not compile is not the one that was measured. */
  async #isStale(uri: string, result: Pick<LastResult, 'benchmark' | 'textSha256'>): Promise<boolean> {
    const { planJson } = await this.#compile({ uri, benchmark: result.benchmark });
    if (planJson === undefined) return true;
    return (JSON.parse(planJson) as RunPlan).source.textSha256 !== result.textSha256;
  }
}
