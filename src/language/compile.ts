/**
 * From a file to diagnostics and plans. The editor's `bench/compile` and the terminal come through here, so that both get the same bytes.
 */
import { type AstNode, type LangiumDocument } from 'langium';
import type { CompileDiagnostic } from '../contract/protocol/language.ts';
import { invariant } from '../contract/errors.ts';
import type { RunPlan } from '../contract/plan.ts';
import type { StudyKind, StudyPlan } from '../contract/study-plan.ts';
import { isBenchmark, isParam, type Benchmark, type Param } from './ast.ts';
import { createBenchCoreServices } from './bench-module.ts';
import { BenchFileSystemProvider, decodeText, pathOf, uriOfPath, type LanguageFileSystem } from './file-system.ts';
import { isRunnable, lowerBenchmark, partsOf } from './lowering/lower-benchmark.ts';
import { stagesOf } from './lowering/lower-load.ts';
import { limitsOf } from './lowering/lower-sla.ts';
import { lowerStudy, STUDY_KINDS, isStudy } from './lowering/lower-study.ts';
import { Lowering } from './lowering/lowering.ts';
import { MAXIMUM_FILE_CHARACTERS } from './parser/lexer.ts';
import { freezeDeep, planJson, secretsOf } from './plan-json.ts';
import { loadItems } from './schema/bodies.ts';
import { benchFileOf, reachableDocuments } from './references/imports.ts';
import { reportInto, toCompileDiagnostics } from './validation/to-compile-diagnostic.ts';
import { bindParams, showParams } from './values/bindings.ts';
import { Environment } from './values/evaluate.ts';

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

/** A declaration that makes several runs. */
export interface Study {
  readonly name: string;
  readonly kind: StudyKind;
}

/** As `CompiledPlan`, of a study. */
export interface CompiledStudy extends Omit<CompiledPlan, 'plan'> {
  readonly plan: StudyPlan;
}

export interface Compilation {
  /** Of the file and of every file it imports. */
  readonly diagnostics: readonly CompileDiagnostic[];
  /** Names of the file's own benchmarks, in the order written; not of those that only others extend. */
  readonly benchmarks: readonly string[];
  readonly studies: readonly Study[];
  /** The plan of this benchmark, or of the first; `undefined` if there is none of that name, or where there are errors. */
  plan(name?: string): CompiledPlan | undefined;
  /** The plan of this study; `undefined` if there is none of that name, or where there are errors. */
  study(name: string): CompiledStudy | undefined;
}

/** @throws when the file cannot be read. */
export async function compileFile(path: string, options: CompileOptions): Promise<Compilation> {
  const bytes = await options.fileSystem.read(path, MAXIMUM_FILE_CHARACTERS + 1);
  return compileText(decodeText(bytes), path, options);
}

/**
 * Compiles text as if it were the file of that absolute path.
 *
 * @example
 * const compilation = await compileText(text, '/home/ada/chat.bench', { fileSystem: nodeFileSystem });
 * const errors = compilation.diagnostics.filter((each) => each.severity === 'error');
 * if (errors.length === 0) process.stdout.write(compilation.plan()?.json ?? '');
 */
export async function compileText(text: string, path: string, options: CompileOptions): Promise<Compilation> {
  const { shared, bench } = createBenchCoreServices({
    fileSystemProvider: () => new BenchFileSystemProvider(options.fileSystem),
  });
  const documents = shared.workspace.LangiumDocuments;
  const entry = documents.createDocument(uriOfPath(path), text);
  const builder = shared.workspace.DocumentBuilder;
  await builder.build([entry], { validation: false });
  const reachable = reachableDocuments(entry, documents);
  const params = reachable.flatMap(paramsOf);
  const { parseValue, given } = bench.values;
  const diagnostics: CompileDiagnostic[] = [];
  given.bindings = bindParams(options.set ?? {}, params, benchFileOf(entry), parseValue, reportInto(diagnostics));
  await builder.build(reachable, { validation: true });
  // One by one: a list as long as a bad file can make it does not fit into one call.
  for (const document of reachable)
    for (const each of toCompileDiagnostics(document).sort(byPosition)) diagnostics.push(each);
  const hasErrors = diagnostics.some(({ severity }) => severity === 'error');
  const textSha256 = await sourceSha256(reachable.map((document) => document.textDocument.getText()));
  const declarations = benchFileOf(entry).declarations ?? [];
  const benchmarks = declarations.filter(isBenchmark).filter(isRunnable);
  const studies = declarations.filter(isStudy);
  const compile = (benchmark: Benchmark): CompiledPlan => {
    const environment = new Environment(given.bindings);
    const origin = { file: pathOf(entry.uri), textSha256, params: showParams(params, environment) };
    const plan = lowerBenchmark(benchmark, origin, new Lowering(environment, parseValue));
    invariant(plan, 'a benchmark of a file without errors has a plan');
    assertWhole(plan, benchmark);
    return { plan: freezeDeep(plan), json: planJson(plan), secrets: secretsOf(plan) };
  };
  return {
    diagnostics,
    benchmarks: benchmarks.map((each) => each.name),
    studies: studies.map((each) => ({ name: each.name, kind: STUDY_KINDS[each.$type] })),
    plan(name) {
      const benchmark = name === undefined ? benchmarks[0] : benchmarks.find((each) => each.name === name);
      return hasErrors || benchmark === undefined ? undefined : compile(benchmark);
    },
    study(name) {
      const study = studies.find((each) => each.name === name);
      if (hasErrors || study === undefined) return undefined;
      const file = pathOf(entry.uri);
      const plan = lowerStudy(study, { file, textSha256, params, bindings: given.bindings, parse: parseValue });
      invariant(plan, 'a study of a file without errors has a plan');
      return { plan: freezeDeep(plan), json: planJson(plan), secrets: secretsOf(plan) };
    },
  };
}

/** What is written and not wrong must be in the plan: a limit or a stage lost on the way would pass unnoticed. */
function assertWhole(plan: RunPlan, benchmark: Benchmark): void {
  const { slas, load } = partsOf(benchmark);
  invariant(plan.slas.length === slas.flatMap(limitsOf).length, 'every limit is in the plan');
  const stages = load === undefined ? [] : stagesOf(loadItems(load));
  const planned = new Set(plan.load.stages.map(({ name, group }) => group ?? name));
  invariant(
    stages.every(({ name }) => planned.has(name)),
    'every stage is in the plan',
  );
}

function byPosition(left: CompileDiagnostic, right: CompileDiagnostic): number {
  return left.line - right.line || left.column - right.column;
}

export function paramsOf(document: LangiumDocument<AstNode>): Param[] {
  return (benchFileOf(document).declarations ?? []).filter(isParam);
}

/** SHA-256 (hex) of a file's text followed by the texts it imports: tells whether a result is still of this text. */
export async function sourceSha256(texts: readonly string[]): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(texts.join('')));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
