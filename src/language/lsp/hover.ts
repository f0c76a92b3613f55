import type { LangiumDocument, Lexer } from 'langium';
import type { HoverProvider } from 'langium/lsp';
import { MarkupKind, type Hover, type HoverParams } from 'vscode-languageserver-protocol';
import type * as ast from '../ast.ts';
import { docOf } from '../documentation.ts';
import { Environment } from '../values/evaluate.ts';
import { contextAt, dottedNameAt, type Token } from './block-context.ts';
import { declarationAt } from './declaration-at.ts';
import { explainDeclaration } from './explain-declaration.ts';
import { explainWord } from './explain.ts';
import type { BenchServices } from './lsp-module.ts';

/** Meaning of the word under the cursor: a declaration's doc comment, a metric's formula, a unit, an option and its default. */
export class BenchHoverProvider implements HoverProvider {
  readonly #services: BenchServices;
  readonly #lexer: Lexer;

  constructor(services: BenchServices) {
    this.#services = services;
    this.#lexer = services.parser.Lexer;
  }

  async getHoverContent(document: LangiumDocument, params: HoverParams): Promise<Hover | undefined> {
    const offset = document.textDocument.offsetAt(params.position);
    const value = (await this.#declarationAt(document, offset)) ?? this.#wordAt(document, offset);
    return value === undefined ? undefined : { contents: { kind: MarkupKind.Markdown, value } };
  }

  async #declarationAt(document: LangiumDocument, offset: number): Promise<string | undefined> {
    const target = declarationAt(document, offset, this.#services);
    if (target === undefined) return undefined;
    const { shared, values, results, workspace } = this.#services;
    const explained = await explainDeclaration(target, document, {
      parseValue: values.parseValue,
      environment: new Environment(values.given.bindings),
      index: shared.workspace.IndexManager,
      documents: shared.workspace.LangiumDocuments,
      results: results.LastResults,
      pathOf: (node) => workspace.AstNodeLocator.getAstNodePath(node),
    });
    const head = '```bench\n' + headOf(target) + '\n```';
    return [head, ...explained, docOf(target)].filter((each) => each !== undefined).join('\n\n');
  }

  #wordAt(document: LangiumDocument, offset: number): string | undefined {
    const { tokens } = this.#lexer.tokenize(document.textDocument.getText());
    const index = tokens.findIndex(
      (token) => token.startOffset <= offset && offset < token.startOffset + token.image.length,
    );
    const token = tokens[index];
    if (token === undefined) return undefined;
    const start = startOfName(tokens, index);
    return explainWord(
      contextAt(tokens, tokens[start]?.startOffset ?? token.startOffset),
      token,
      dottedNameAt(tokens, start),
    );
  }
}

/** `openai.chat` and `ttft.intended` are explained whole, wherever in them the cursor is. */
function startOfName(tokens: readonly Token[], index: number): number {
  let start = index;
  if (tokens[start]?.image === '.') start -= 1;
  while (start > 1 && tokens[start - 1]?.image === '.') start -= 2;
  return start;
}

const LONGEST_HEAD = 12;

/** The declaration as written, cut where it is long. */
function headOf(node: ast.Declaration | ast.Stage): string {
  const lines = (node.$cstNode?.text ?? '').split(/\r?\n/);
  return lines.length <= LONGEST_HEAD ? lines.join('\n') : [...lines.slice(0, LONGEST_HEAD - 1), '  …', '}'].join('\n');
}
