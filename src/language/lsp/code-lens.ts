import { AstUtils, type AstNode, type LangiumDocument } from 'langium';
import type { CodeLensProvider } from 'langium/lsp';
import type { CodeLens, Range } from 'vscode-languageserver-protocol';
import { CLIENT_COMMANDS, type RunCommandArguments } from '../../contract/protocol/language.ts';
import { isBenchFile, isBenchmark, isCompare, isSide, type Benchmark } from '../ast.ts';
import { isRunnable } from '../lowering/lower-benchmark.ts';
import type { StudyNode } from '../lowering/lower-run.ts';
import { isStudy } from '../lowering/lower-study.ts';
import type { ParseValue } from '../values/parse-value.ts';
import type { LastResult, LastResults } from './last-result.ts';
import { studyWords } from './study-words.ts';

/** `▶ Run`, `Dry run` and the last verdict above each benchmark; above a study, what it would do and which of its runs can be made now. */
export class BenchCodeLensProvider implements CodeLensProvider {
  readonly #results: LastResults;
  readonly #parseValue: ParseValue;

  constructor(results: LastResults, parseValue: ParseValue) {
    this.#results = results;
    this.#parseValue = parseValue;
  }

  async provideCodeLens(document: LangiumDocument): Promise<CodeLens[]> {
    const file = document.parseResult.value;
    const declarations = isBenchFile(file) ? file.declarations : [];
    const benchmarks = declarations.filter(isBenchmark);
    const last: ReadonlyMap<string, LastResult> =
      benchmarks.length === 0 ? new Map() : await this.#results.byBenchmark(document.uri);
    return declarations.flatMap((each) => {
      if (isBenchmark(each)) return lensesOf(each, document, last.get(each.name));
      return isStudy(each) ? this.#studyLenses(each, document) : [];
    });
  }

  /** A run of a study is refused until it is available; the benchmarks it is made of can be run one by one. */
  #studyLenses(study: StudyNode, document: LangiumDocument): CodeLens[] {
    const range = startOf(study, document);
    if (range === undefined) return [];
    const figures = studyWords(study, this.#parseValue);
    const word = study.$type.toLowerCase();
    const what = figures === '' ? word : `${word}: ${figures}`;
    const info: CodeLens = { range, command: { title: `${what} (compiles; cannot be run yet)`, command: '' } };
    const own = benchmarksOf(study).filter((each) => AstUtils.getDocument(each) === document);
    return [
      info,
      ...own.flatMap((each) => {
        const target: RunCommandArguments = { uri: document.uri.toString(), benchmark: each.name };
        return [
          { range, command: { title: `▶ Run ${each.name} once`, command: CLIENT_COMMANDS.run, arguments: [target] } },
        ];
      }),
    ];
  }
}

function benchmarksOf(study: StudyNode): readonly Benchmark[] {
  const named = isCompare(study)
    ? study.items.filter(isSide).map((side) => side.benchmark?.ref)
    : 'benchmark' in study
      ? [study.benchmark?.ref]
      : [];
  return [...new Set(named)].filter((each) => each !== undefined).filter(isRunnable);
}

function startOf(node: AstNode, document: LangiumDocument): Range | undefined {
  const offset = node.$cstNode?.offset;
  if (offset === undefined) return undefined;
  const start = document.textDocument.positionAt(offset);
  return { start, end: start };
}

function lensesOf(benchmark: Benchmark, document: LangiumDocument, last: LastResult | undefined): CodeLens[] {
  const range = startOf(benchmark, document);
  // One that only others extend cannot be run.
  if (range === undefined || benchmark.name === undefined || !isRunnable(benchmark)) return [];
  const target: RunCommandArguments = { uri: document.uri.toString(), benchmark: benchmark.name };
  const lenses: CodeLens[] = [
    { range, command: { title: '▶ Run', command: CLIENT_COMMANDS.run, arguments: [target] } },
    { range, command: { title: 'Dry run', command: CLIENT_COMMANDS.dryRun, arguments: [target] } },
  ];
  if (last !== undefined) {
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
