/** What an editor asks of the server beyond LSP: plans, and which benchmarks a file has. The same `compileText` as in a terminal, on the text as it stands in the editor. */
import { DocumentState, GrammarUtils, URI } from 'langium';
import type { LangiumSharedServices } from 'langium/lsp';
import type { Connection } from 'vscode-languageserver';
import {
  BENCHMARKS_REQUEST,
  COMPILE_REQUEST,
  type BenchmarkItem,
  type CompileParams,
  type CompileResult,
} from '../contract/protocol/language.ts';
import { isBenchmark, type Benchmark } from './ast.ts';
import { compileText } from './compile.ts';
import { decodeText, type LanguageFileSystem } from './file-system.ts';
import { isRunnable, partsOf } from './lowering/lower-benchmark.ts';
import { limitsOf, textOf } from './lowering/lower-sla.ts';
import { locationOf } from './lowering/lowering.ts';
import { MAXIMUM_FILE_CHARACTERS } from './parser/lexer.ts';
import { benchFileOf } from './references/imports.ts';

export function registerCompileRequests(
  connection: Pick<Connection, 'onRequest'>,
  shared: LangiumSharedServices,
  files: LanguageFileSystem,
): void {
  const seen = withOpenDocuments(files, shared);
  connection.onRequest(COMPILE_REQUEST, (params: CompileParams) => compileFor(params, seen));
  connection.onRequest(BENCHMARKS_REQUEST, (params: { readonly uri: string }) => listBenchmarks(params.uri, shared));
}

/** @throws for what is no file on this machine: results are written beside the scenario, and imports are looked for there. */
export async function compileFor(params: CompileParams, files: LanguageFileSystem): Promise<CompileResult> {
  const uri = URI.parse(params.uri);
  if (uri.scheme !== 'file') throw new Error(`Save ${uri.path} as a file first: its results are written beside it.`);
  const path = uri.fsPath;
  const text = decodeText(await files.read(path, MAXIMUM_FILE_CHARACTERS + 1));
  const compilation = await compileText(text, path, { fileSystem: files, set: params.set ?? {} });
  const compiled = compilation.plan(params.benchmark);
  const study = compiled === undefined ? compilation.study(params.benchmark) : undefined;
  return {
    ...(study === undefined ? {} : { study: { kind: study.plan.kind, json: study.json } }),
    ...(compiled === undefined ? {} : { planJson: compiled.json, plan: compiled.plan }),
    diagnostics: compilation.diagnostics,
    secrets: compiled?.secrets ?? [],
  };
}

/** Files as the editor shows them: unsaved text goes before what is on the disk. */
function withOpenDocuments(files: LanguageFileSystem, shared: LangiumSharedServices): LanguageFileSystem {
  return {
    ...files,
    read(path, maximumBytes) {
      const open = shared.workspace.TextDocuments.get(URI.file(path).toString());
      return open === undefined
        ? files.read(path, maximumBytes)
        : Promise.resolve(new TextEncoder().encode(open.getText()).subarray(0, maximumBytes));
    },
  };
}

async function listBenchmarks(uri: string, shared: LangiumSharedServices): Promise<BenchmarkItem[]> {
  const parsed = URI.parse(uri);
  await shared.workspace.WorkspaceManager.ready;
  if (!shared.workspace.LangiumDocuments.hasDocument(parsed)) return [];
  await shared.workspace.DocumentBuilder.waitUntil(DocumentState.Linked, parsed);
  const document = shared.workspace.LangiumDocuments.getDocument(parsed);
  const declarations = document === undefined ? [] : benchFileOf(document).declarations;
  return declarations.filter(isBenchmark).filter(isRunnable).map(describeBenchmark);
}

function describeBenchmark(benchmark: Benchmark): BenchmarkItem {
  const name = GrammarUtils.findNodeForProperty(benchmark.$cstNode, 'name') ?? benchmark.$cstNode;
  const start = { line: 0, character: 0 };
  return {
    name: benchmark.name,
    range: name?.range ?? { start, end: start },
    slas: partsOf(benchmark)
      .slas.flatMap(limitsOf)
      .map((limit) => {
        const { file, line } = locationOf(limit);
        return { text: textOf(limit), file, line };
      }),
  };
}
