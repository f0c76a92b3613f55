/** test/extension/*.test.ts become one CommonJS file that exports `run()`, which is what every VS Code takes as a suite. */
import * as esbuild from 'esbuild';
import path from 'node:path';
import { projectRoot } from '../../../.ci/project.ts';

/** The environment variable that tells the suite where to write its results. */
export const RESULTS_VARIABLE = 'BENCHWRIGHT_TEST_RESULTS';

export async function compileSuite(files: readonly string[], outputFile: string): Promise<void> {
  const tests = JSON.stringify(path.join(import.meta.dirname, 'extension-host-tests.ts'));
  const loads = files.map(
    (file) =>
      `collectFile(${JSON.stringify(path.relative(projectRoot, file))}, () => require(${JSON.stringify(file)}));`,
  );
  const contents = [
    `const { collectFile, runCollectedTests } = require(${tests});`,
    ...loads,
    `exports.run = () => runCollectedTests(process.env.${RESULTS_VARIABLE});`,
  ].join('\n');
  await esbuild.build({
    stdin: { contents, resolveDir: projectRoot, sourcefile: 'extension-suite.js' },
    outfile: outputFile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    external: ['vscode'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
}
