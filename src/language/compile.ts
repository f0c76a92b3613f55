/**
 * From a file to diagnostics and plans. The editor's `bench/compile` and the terminal come through here, so that both get the same bytes.
 */
import { URI, type AstNode, type LangiumDocument } from 'langium';
import type { CompileDiagnostic } from '../contract/protocol/language.ts';
import type { RunPlan } from '../contract/plan.ts';
import { isBenchmark, type Benchmark } from './ast.ts';
import { createBenchCoreServices, type BenchCoreServices } from './bench-module.ts';
import { BenchFileSystemProvider, decodeText, type LanguageFileSystem } from './file-system.ts';
import { MAXIMUM_FILE_CHARACTERS } from './parser/lexer.ts';
import { benchFileOf, reachableDocuments } from './references/imports.ts';
import { toCompileDiagnostics } from './validation/to-compile-diagnostic.ts';

export interface CompileOptions {
  /** Values for params, as written on the command line. */
  readonly set?: Readonly<Record<string, string>>;
  readonly fileSystem: LanguageFileSystem;
}

export interface CompiledPlan {
  readonly plan: RunPlan;
  /** The plan's exact bytes: two spaces of indentation, a fixed order of keys, a line break at the end. */
  readonly json: string;
  /** Names of the secrets the plan refers to. */
  readonly secrets: readonly string[];
}

export interface Compilation {
  /** Of the file and of every file it imports. */
  readonly diagnostics: readonly CompileDiagnostic[];
  /** Names of the file's own benchmarks, in the order written. */
  readonly benchmarks: readonly string[];
  /** The plan of this benchmark, or of the first; `undefined` if there is none of that name, or where there are errors. */
  plan(name?: string): CompiledPlan | undefined;
}

/** @throws when the file cannot be read. */
export async function compileFile(path: string, options: CompileOptions): Promise<Compilation> {
  const bytes = await options.fileSystem.read(path, MAXIMUM_FILE_CHARACTERS + 1);
  return compileText(decodeText(bytes), path, options);
}

/** Compiles text as if it were the file of that absolute path. */
export async function compileText(text: string, path: string, options: CompileOptions): Promise<Compilation> {
  const { shared, bench } = createBenchCoreServices({
    fileSystemProvider: () => new BenchFileSystemProvider(options.fileSystem),
  });
  const documents = shared.workspace.LangiumDocuments;
  const entry = documents.createDocument(URI.file(path), text);
  await shared.workspace.DocumentBuilder.build([entry], { validation: true });
  const reachable = reachableDocuments(entry, documents);
  const diagnostics = reachable.flatMap(toCompileDiagnostics);
  const benchmarks = (benchFileOf(entry).declarations ?? []).filter(isBenchmark);
  return {
    diagnostics,
    benchmarks: benchmarks.map((each) => each.name),
    plan: () => planOf(benchmarks[0], bench, entry),
  };
}

function planOf(
  _benchmark: Benchmark | undefined,
  _services: BenchCoreServices,
  _entry: LangiumDocument<AstNode>,
): undefined {
  return undefined;
}
