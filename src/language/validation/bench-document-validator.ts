/** Gives codes of ours to what Langium finds by itself (text that does not lex, parse or link), and keeps quiet about words that need no target. */
import {
  Cancellation,
  DefaultDocumentValidator,
  interruptAndCheck,
  OperationCancelled,
  type AstNode,
  type DiagnosticInfo,
  type LangiumCoreServices,
  type LangiumDocument,
  type ParseResult,
  type ReferenceInfo,
  type ValidationAcceptor,
} from 'langium';
import { findMetric } from '../../contract/metrics.ts';
import { nearest } from '../../contract/nearest.ts';
import { isBenchFile, isMetricRef, isNameRef, isVary } from '../ast.ts';
import type { LexingProblem } from '../parser/lexer.ts';
import { DIAGNOSTIC_SOURCE, DIAGNOSTICS, type DiagnosticCode, type DiagnosticProps } from './diagnostics.ts';
import { contentsOf, partsOf, type Part } from '../references/contents.ts';
import { isReadingWidely, watchReads } from './file-reads.ts';
import { SLOTS } from './slots.ts';
import { areEqual, groundsOf, lineOf, partAround, type Grounds } from './verdicts.ts';

type Diagnostic = Awaited<ReturnType<DefaultDocumentValidator['validateDocument']>>[number];

type CancellationToken = Cancellation.CancellationToken;
type Options = Parameters<DefaultDocumentValidator['validateDocument']>[1];

/** A diagnostic, and the declaration it moves with. */
interface Finding {
  readonly diagnostic: Diagnostic;
  readonly part: Part | undefined;
  /** Of the declaration, when this was found. */
  readonly line: number;
}

interface Verdict {
  readonly grounds: Grounds;
  readonly findings: readonly Finding[];
}

export class BenchDocumentValidator extends DefaultDocumentValidator {
  readonly #services: LangiumCoreServices;
  readonly #verdicts = new WeakMap<Part, Verdict>();

  constructor(services: LangiumCoreServices) {
    super(services);
    this.#services = services;
  }

  protected override getSource(): string {
    return DIAGNOSTIC_SOURCE;
  }

  /** The whole file's, as Langium does it, but without end only in their count. */
  override async validateDocument(
    document: LangiumDocument,
    options: NonNullable<Options> = {},
    token: CancellationToken = Cancellation.CancellationToken.None,
  ): Promise<Diagnostic[]> {
    await interruptAndCheck(token);
    const ofText: Diagnostic[] = [];
    if (options.categories === undefined || options.categories.includes('built-in')) {
      this.processLexingErrors(document.parseResult, ofText);
      this.processParsingErrors(document.parseResult, ofText);
      this.processLinkingErrors(document, ofText);
    }
    const all = ofText.concat(await this.validateAst(document.parseResult.value, options, token));
    await interruptAndCheck(token);
    if (all.length <= MOST_DIAGNOSTICS) return all;
    const start = { line: 0, character: 0 };
    const place = { node: document.parseResult.value, range: { start, end: start } };
    return [
      ...mostSevere(all, MOST_DIAGNOSTICS),
      this.#diagnostic('BENCH1009', place, { count: all.length - MOST_DIAGNOSTICS }),
    ];
  }

  protected override processLexingErrors(parseResult: ParseResult, diagnostics: Diagnostic[]): void {
    for (const error of parseResult.lexerErrors as (ParseResult['lexerErrors'][number] & Partial<LexingProblem>)[]) {
      const start = { line: (error.line ?? 1) - 1, character: (error.column ?? 1) - 1 };
      const range = { start, end: { line: start.line, character: start.character + error.length } };
      const node = parseResult.value;
      const characters = node.$document?.textDocument.getText(range) ?? '';
      switch (error.problem) {
        case 'unclosed-text':
          diagnostics.push(this.#diagnostic('BENCH1002', { node, range }, {}));
          break;
        case 'unclosed-comment':
          diagnostics.push(this.#diagnostic('BENCH1003', { node, range }, {}));
          break;
        case 'file-too-large':
          diagnostics.push(this.#diagnostic('BENCH1004', { node, range }, { message: error.message }));
          break;
        case 'nested-too-deep':
          diagnostics.push(this.#diagnostic('BENCH1005', { node, range }, { message: error.message }));
          break;
        case 'not-text':
          // Where letters could not be read either, a check says so at the first of them.
          if (node.$document?.textDocument.getText().includes('\uFFFD') !== true)
            diagnostics.push(this.#diagnostic('BENCH1006', { node, range }, {}));
          break;
        case undefined:
          diagnostics.push(this.#diagnostic('BENCH1007', { node, range }, { characters }));
      }
    }
  }

  protected override processParsingErrors(parseResult: ParseResult, diagnostics: Diagnostic[]): void {
    const found: Diagnostic[] = [];
    super.processParsingErrors(parseResult, found, {});
    const { lexerErrors } = parseResult;
    for (const { range, message } of found) {
      // What is left of a text without its end makes no sense either; the end is what is missing.
      const isAfterLexingError = lexerErrors.some((error) => (error.line ?? 0) - 1 === range.start.line);
      if (isAfterLexingError) continue;
      const props = { message: typeof message === 'string' ? message : message.value };
      diagnostics.push(this.#diagnostic('BENCH1001', { node: parseResult.value, range }, props));
    }
  }

  protected override processLinkingErrors(document: LangiumDocument, diagnostics: Diagnostic[]): void {
    for (const reference of document.references) {
      const info = reference.error?.info;
      if (info === undefined || isWord(info)) continue;
      const name = info.reference.$refText;
      const kind = this.#services.shared.AstReflection.getReferenceType(info);
      // Each looks through all names, and not all of so many are listed.
      const visible = this.#services.references.ScopeProvider.getScope(info).getAllElements();
      const suggestion =
        diagnostics.length > MOST_DIAGNOSTICS
          ? undefined
          : nearest(
              name,
              visible.map((each) => each.name),
            );
      const range = info.reference.$refNode?.range;
      diagnostics.push(
        this.#diagnostic(
          'BENCH2001',
          { node: info.container, ...(range === undefined ? {} : { range }) },
          { kind: kind === 'Named' ? 'declaration' : kind.toLowerCase(), name, suggestion },
        ),
      );
    }
  }

  protected override async validateAst(
    root: AstNode,
    options: NonNullable<Options>,
    token: CancellationToken = Cancellation.CancellationToken.None,
  ): Promise<Diagnostic[]> {
    if (!isBenchFile(root)) return [];
    const { categories } = options;
    const parts = partsOf(root);
    watchReads(root);
    const { findings: ofFile } = await this.#judge([root], categories, token);
    const diagnostics = ofFile.map(({ diagnostic }) => diagnostic);
    for (const part of parts) {
      await interruptAndCheck(token);
      // Slow checks look at files, and without categories all checks run, each text being judged once.
      const grounds = categories === undefined || categories.includes('slow') ? undefined : groundsOf(part);
      const known = grounds === undefined ? undefined : this.#verdicts.get(part);
      if (grounds !== undefined && known !== undefined && areEqual(known.grounds, grounds)) {
        for (const finding of known.findings) diagnostics.push(placedNow(finding));
        continue;
      }
      const { findings, isWide } = await this.#judge(contentsOf(part).nodes, categories, token);
      for (const { diagnostic } of findings) diagnostics.push(diagnostic);
      if (grounds !== undefined && !isWide) this.#verdicts.set(part, { grounds, findings });
      else this.#verdicts.delete(part);
    }
    return diagnostics;
  }

  /** Runs the checks of these nodes. Is what they say to be forgotten, because they looked beyond their declaration and what it refers to? */
  async #judge(
    nodes: readonly AstNode[],
    categories: NonNullable<Options>['categories'],
    token: CancellationToken,
  ): Promise<{ findings: readonly Finding[]; isWide: boolean }> {
    const findings: Finding[] = [];
    const accept: ValidationAcceptor = (severity, message, info) => {
      const part = partAround(info.node);
      const diagnostic = this.toDiagnostic(severity, message, info);
      findings.push({ diagnostic, part, line: part === undefined ? 0 : lineOf(part) });
    };
    const isSlow = categories?.includes('slow') === true;
    let isWide = false;
    for (const node of nodes)
      for (const check of this.validationRegistry.getChecks(node.$type, categories)) {
        let running: unknown;
        const isReading = isReadingWidely(() => {
          running = check(node, accept, token);
        });
        isWide ||= isReading;
        await (isSlow ? unlessCancelled(running, token) : running);
      }
    return { findings, isWide: isWide || findings.some(({ part }) => part === undefined) };
  }

  #diagnostic<Code extends DiagnosticCode>(
    code: Code,
    place: DiagnosticInfo<AstNode, string>,
    props: DiagnosticProps<Code>,
  ): Diagnostic {
    const { severity, message } = DIAGNOSTICS[code];
    const say = message as (props: unknown) => string;
    return this.toDiagnostic(severity, say(props), { ...place, code, data: { code, props } });
  }
}

/** Of a file; nobody reads more, and an editor that shows them is slow. */
export const MOST_DIAGNOSTICS = 1000;

/** In the order found; errors are never left out for anything less. */
function mostSevere(diagnostics: readonly Diagnostic[], count: number): Diagnostic[] {
  const bySeverity = diagnostics.toSorted((left, right) => (left.severity ?? 1) - (right.severity ?? 1));
  const kept = new Set(bySeverity.slice(0, count));
  return diagnostics.filter((each) => kept.has(each));
}

/** A file that does not answer must not hold up somebody who types on. */
function unlessCancelled(running: unknown, token: CancellationToken): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const waiting = token.onCancellationRequested(() => {
      reject(OperationCancelled);
    });
    void Promise.resolve(running)
      .then(resolve, reject)
      .finally(() => {
        waiting.dispose();
      });
  });
}

function placedNow({ diagnostic, part, line }: Finding): Diagnostic {
  const lines = part === undefined ? 0 : lineOf(part) - line;
  if (lines === 0) return diagnostic;
  const { start, end } = diagnostic.range;
  const range = { start: { ...start, line: start.line + lines }, end: { ...end, line: end.line + lines } };
  return { ...diagnostic, range };
}

/** Names that need not be declared: words such as `all`, metrics with a dot in their name, and the slots of a benchmark. */
function isWord({ container, reference }: ReferenceInfo): boolean {
  if (isNameRef(container)) return true;
  if (isVary(container)) return container.property === undefined && SLOTS.has(reference.$refText);
  return isMetricRef(container) && findMetric(`${reference.$refText}.${container.series ?? ''}`) !== undefined;
}
