/** What a check is, and how checks reach Langium: each gets a node and what it needs to judge it. */
import type {
  AstNode,
  IndexManager,
  LangiumCoreServices,
  LangiumDocuments,
  ValidationAcceptor,
  ValidationCheck,
} from 'langium';
import type { BenchAstType } from '../ast.ts';
import type { BenchAddedServices } from '../bench-module.ts';
import { BenchFileSystemProvider, noFiles, type LanguageFileSystem } from '../file-system.ts';
import { Environment } from '../values/evaluate.ts';
import type { ParseValue } from '../values/parse-value.ts';
import type { DiagnosticCode } from './diagnostics.ts';
import { noticed } from './file-reads.ts';
import { reportTo, type Report } from './report.ts';
import { hasSyntaxErrorWithin } from './syntax-errors.ts';

/**
 * What a fast check says of a declaration is kept until the declaration or something it refers to changes. To look at anything else it asks
 * `documents`, `index` or the lists of a file, which is noticed; it keeps nothing by itself and asks no clock.
 */
export interface CheckContext {
  readonly report: Report;
  readonly environment: Environment;
  readonly parseValue: ParseValue;
  readonly documents: LangiumDocuments;
  readonly index: IndexManager;
  readonly files: LanguageFileSystem;
  /** The path by which the index knows a node. */
  readonly pathOf: (node: AstNode) => string;
  /** Judges a node again, with other values for params. */
  readonly recheck: (node: AstNode, environment: Environment, report: Report) => void;
}

export type Check<Node extends AstNode> = (node: Node, context: CheckContext) => void | Promise<void>;

/** Checks by the type of node they judge. */
export type ChecksByType = { readonly [Type in keyof BenchAstType]?: readonly Check<BenchAstType[Type]>[] };

/** What is missing in text that does not parse is most likely what is being typed. */
const GAPS: ReadonlySet<DiagnosticCode> = new Set([
  'BENCH4005',
  'BENCH4009',
  'BENCH5001',
  'BENCH5003',
  'BENCH5010',
  'BENCH6003',
  'BENCH6012',
  'BENCH6013',
  'BENCH6015',
  'BENCH7001',
  'BENCH7007',
  'BENCH7009',
]);

function quietAboutGaps(report: Report): Report {
  return (code, place, props) => {
    if (!GAPS.has(code) || !hasSyntaxErrorWithin(place.node)) report(code, place, props);
  };
}

/** The form in which Langium takes checks. `rechecks` are those that judge a node again. */
export function toLangiumChecks(
  checks: ChecksByType,
  services: LangiumCoreServices & BenchAddedServices,
  rechecks: ChecksByType = checks,
): Record<string, ValidationCheck<AstNode>[]> {
  const { shared } = services;
  const documents = noticed(shared.workspace.LangiumDocuments);
  const index = noticed(shared.workspace.IndexManager);
  const contextOf = (report: Report, environment: Environment): CheckContext => {
    const provider = shared.workspace.FileSystemProvider;
    return {
      report,
      environment,
      recheck(node, other, reportOther) {
        const again = (rechecks as Readonly<Record<string, readonly Check<AstNode>[]>>)[node.$type] ?? [];
        const context = contextOf(reportOther, other);
        for (const check of again) void check(node, context);
      },
      parseValue: services.values.parseValue,
      documents,
      index,
      files: noticed(provider instanceof BenchFileSystemProvider ? provider.files : noFiles),
      pathOf: (each) => services.workspace.AstNodeLocator.getAstNodePath(each),
    };
  };
  // One for all checks of a declaration, which hand in the same acceptor.
  const contexts = new WeakMap<ValidationAcceptor, CheckContext>();
  const contextFor = (accept: ValidationAcceptor): CheckContext => {
    let context = contexts.get(accept);
    if (context === undefined) {
      context = contextOf(quietAboutGaps(reportTo(accept)), new Environment(services.values.given.bindings));
      contexts.set(accept, context);
    }
    return context;
  };
  const wrap =
    (check: Check<AstNode>): ValidationCheck<AstNode> =>
    (node, accept) =>
      check(node, contextFor(accept));
  return Object.fromEntries(
    Object.entries(checks).map(([type, list]) => [type, (list as readonly Check<AstNode>[]).map(wrap)]),
  );
}
