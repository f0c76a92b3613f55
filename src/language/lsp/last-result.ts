/** The newest finished result of a scenario, read from beside it: the editor shows what was measured without asking the runner. */
import { UriUtils, type FileSystemProvider, type URI } from 'langium';
import { RESULT_FILES, type LatestResult } from '../../contract/record.ts';
import { REPORT_SCHEMA, type ReportData } from '../../contract/report.ts';

/** The part of a report the editor shows; the rest may be large and is not kept. */
export type MeasuredResult = Pick<ReportData, 'run' | 'sla' | 'validity'>;

export interface LastResult {
  readonly directory: URI;
  readonly report: MeasuredResult;
}

export class LastResults {
  readonly #files: FileSystemProvider;
  readonly #byScenario = new Map<string, LastResult | undefined>();

  constructor(files: FileSystemProvider) {
    this.#files = files;
  }

  /** `undefined` when there is none, or it cannot be read. Kept until `forget`. */
  async of(scenario: URI): Promise<LastResult | undefined> {
    const key = scenario.toString();
    if (!this.#byScenario.has(key)) this.#byScenario.set(key, await this.#read(scenario));
    return this.#byScenario.get(key);
  }

  /** Every result read so far. */
  known(): readonly LastResult[] {
    return [...this.#byScenario.values()].filter((each) => each !== undefined);
  }

  forget(scenario: URI): void {
    this.#byScenario.delete(scenario.toString());
  }

  async #read(scenario: URI): Promise<LastResult | undefined> {
    if (scenario.scheme !== 'file') return undefined;
    const folder = scenario.with({ path: `${scenario.path}.results` });
    const latest = await this.#json<LatestResult>(UriUtils.joinPath(folder, RESULT_FILES.latest));
    if (latest === undefined || typeof latest.directory !== 'string' || /[\\/]|^\.\.?$/.test(latest.directory))
      return undefined;
    const directory = UriUtils.joinPath(folder, latest.directory);
    const report = await this.#json<ReportData>(UriUtils.joinPath(directory, RESULT_FILES.report));
    if (report?.schema !== REPORT_SCHEMA) return undefined;
    const { run, sla, validity } = report;
    return { directory, report: { run, sla, validity } };
  }

  async #json<T>(uri: URI): Promise<T | undefined> {
    try {
      return JSON.parse(new TextDecoder().decode(await this.#files.readBinary(uri))) as T;
    } catch {
      return undefined;
    }
  }
}
