/** All suites in the order they run: what is quick to fail first, what needs a quiet machine or a big installation last. */

/** What must be there before a suite can start. */
export type Need = 'build' | 'package' | 'vscode-server' | 'browser' | 'engine' | 'neovim';

export interface Suite {
  readonly name: string;
  /** Of test files handed to node:test. */
  readonly files: readonly string[];
  /** Handed to node:test instead, where the files above do not run under it themselves. */
  readonly driver?: string;
  readonly needs: readonly Need[];
  /** Test files at a time. */
  readonly concurrency: number;
  /** It measures, so nothing may be installed in the background meanwhile. */
  readonly isMeasuring?: boolean;
  readonly limitMinutes: number;
  /** Name of an environment variable that, set to 1, skips it. */
  readonly skipVariable?: string;
}

const quick = { needs: [], concurrency: 2, limitMinutes: 8 } as const;

export const suites: readonly Suite[] = [
  { ...quick, name: 'architecture', files: ['test/architecture/**/*.test.ts'] },
  { ...quick, name: 'unit', files: ['test/unit/**/*.test.ts', 'test/conformance/**/*.test.ts'] },
  { ...quick, name: 'integration', files: ['test/integration/**/*.test.ts'], needs: ['build'], concurrency: 1 },
  { ...quick, name: 'neovim', files: ['test/neovim/**/*.test.ts'], needs: ['build', 'neovim'], concurrency: 1 },
  {
    ...quick,
    name: 'accuracy',
    files: ['test/accuracy/**/*.test.ts'],
    needs: ['build'],
    concurrency: 1,
    isMeasuring: true,
  },
  {
    name: 'extension',
    files: ['test/extension/**/*.test.ts'],
    driver: 'test/helpers/vscode/run-extension-suite.ts',
    needs: ['build', 'vscode-server', 'browser'],
    concurrency: 1,
    limitMinutes: 5,
  },
  {
    name: 'journey',
    files: ['test/journey/**/*.test.ts'],
    needs: ['package', 'vscode-server', 'browser'],
    concurrency: 1,
    limitMinutes: 8,
  },
  {
    name: 'engine',
    files: ['test/engine/**/*.test.ts'],
    needs: ['build', 'engine'],
    concurrency: 1,
    limitMinutes: 5,
    skipVariable: 'BENCHWRIGHT_SKIP_ENGINE',
  },
];
