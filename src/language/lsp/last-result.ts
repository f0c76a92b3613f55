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

/** Results of a benchmark that was run longer ago are not looked for. */
const MOST_DIRECTORIES = 100;

function resultFolder(scenario: URI): URI {
  return scenario.with({ path: `${scenario.path}.results` });
}

export class LastResults {
  readonly #files: FileSystemProvider;
  readonly #byScenario = new Map<string, LastResult | undefined>();
  readonly #ofBenchmarks = new Map<string, ReadonlyMap<string, LastResult>>();

  constructor(files: FileSystemProvider) {
    this.#files = files;
  }

  /** `undefined` when there is none, or it cannot be read. Kept until `forget`. */
  async of(scenario: URI): Promise<LastResult | undefined> {
    const key = scenario.toString();
    if (!this.#byScenario.has(key)) this.#byScenario.set(key, await this.#read(scenario));
    return this.#byScenario.get(key);
  }

  /** The newest result of each benchmark that has one. Kept until `forget`. */
  async byBenchmark(scenario: URI): Promise<ReadonlyMap<string, LastResult>> {
    const key = scenario.toString();
    const known = this.#ofBenchmarks.get(key);
    if (known !== undefined) return known;
    const found = await this.#findByBenchmark(scenario);
    this.#ofBenchmarks.set(key, found);
    return found;
  }

  async #findByBenchmark(scenario: URI): Promise<ReadonlyMap<string, LastResult>> {
    const newest = await this.of(scenario);
    if (newest === undefined) return new Map();
    const found = new Map([[newest.report.run.benchmark, newest]]);
    for (const name of await this.#directories(scenario)) {
      const benchmark = /^[\dTZ:.-]*?Z-(.+)$/.exec(name)?.[1];
      if (benchmark === undefined || found.has(benchmark)) continue;
      const result = await this.#readFrom(resultFolder(scenario), name);
      if (result?.report.run.benchmark === benchmark) found.set(benchmark, result);
    }
    return found;
  }

  /** Newest first: their names begin with the time. */
  async #directories(scenario: URI): Promise<readonly string[]> {
    try {
      const entries = await this.#files.readDirectory(resultFolder(scenario));
      const names = entries.filter(({ isDirectory }) => isDirectory).map(({ uri }) => UriUtils.basename(uri));
      return names.sort().reverse().slice(0, MOST_DIRECTORIES);
    } catch {
      return [];
    }
  }

  /** Every result read so far. */
  known(): readonly LastResult[] {
    return [...this.#byScenario.values()].filter((each) => each !== undefined);
  }

  forget(scenario: URI): void {
    this.#byScenario.delete(scenario.toString());
    this.#ofBenchmarks.delete(scenario.toString());
  }

  async #read(scenario: URI): Promise<LastResult | undefined> {
    if (scenario.scheme !== 'file') return undefined;
    const folder = resultFolder(scenario);
    const latest = await this.#json<LatestResult>(UriUtils.joinPath(folder, RESULT_FILES.latest));
    if (latest === undefined || typeof latest.directory !== 'string' || /[\\/]|^\.\.?$/.test(latest.directory))
      return undefined;
    return this.#readFrom(folder, latest.directory);
  }

  async #readFrom(folder: URI, name: string): Promise<LastResult | undefined> {
    const directory = UriUtils.joinPath(folder, name);
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
