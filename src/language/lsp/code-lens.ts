import { AstUtils, type LangiumDocument } from 'langium';
import type { CodeLensProvider } from 'langium/lsp';
import type { CodeLens, Range } from 'vscode-languageserver-protocol';
import { CLIENT_COMMANDS, type RunCommandArguments } from '../../contract/protocol/language.ts';
import { isBenchFile, isBenchmark, type Benchmark } from '../ast.ts';
import type { LastResult, LastResults } from './last-result.ts';

/** `▶ Run`, `Dry run` and the last verdict above each benchmark. */
export class BenchCodeLensProvider implements CodeLensProvider {
  readonly #results: LastResults;

  constructor(results: LastResults) {
    this.#results = results;
  }

  async provideCodeLens(document: LangiumDocument): Promise<CodeLens[]> {
    const file = document.parseResult.value;
    const benchmarks = isBenchFile(file) ? file.declarations.filter(isBenchmark) : [];
    const last = benchmarks.length === 0 ? undefined : await this.#results.of(document.uri);
    return benchmarks.flatMap((benchmark) => lensesOf(benchmark, document, last));
  }
}

function lensesOf(benchmark: Benchmark, document: LangiumDocument, last: LastResult | undefined): CodeLens[] {
  const node = benchmark.$cstNode;
  if (node === undefined || benchmark.name === undefined || AstUtils.getDocument(benchmark) !== document) return [];
  const start = document.textDocument.positionAt(node.offset);
  const range: Range = { start, end: start };
  const target: RunCommandArguments = { uri: document.uri.toString(), benchmark: benchmark.name };
  const lenses: CodeLens[] = [
    { range, command: { title: '▶ Run', command: CLIENT_COMMANDS.run, arguments: [target] } },
    { range, command: { title: 'Dry run', command: CLIENT_COMMANDS.dryRun, arguments: [target] } },
  ];
  if (last?.report.run.benchmark === benchmark.name) {
    lenses.push({
      range,
      command: {
        title: verdictTitle(last.report),
        command: CLIENT_COMMANDS.openReport,
        arguments: [{ ...target, directory: last.directory.toString() }],
      },
    });
  }
  return lenses;
}

const SIGNS = { passed: '✓', failed: '✗', undecided: '?', aborted: '■', error: '!' } as const;

function verdictTitle(report: LastResult['report']): string {
  const { outcome, startedAt } = report.run;
  const when = startedAt.slice(0, 16).replace('T', ' ');
  const doubt = report.validity.verdict === 'valid' ? '' : ` · measurement ${report.validity.verdict}`;
  return `${SIGNS[outcome]} ${outcome} ${when} UTC${doubt}`;
}
