import { CstUtils, type AstNode, type GrammarConfig, type LangiumDocument, type Lexer, type References } from 'langium';
import type { HoverProvider, LangiumServices } from 'langium/lsp';
import { MarkupKind, type Hover, type HoverParams } from 'vscode-languageserver-protocol';
import * as ast from '../ast.ts';
import { docOf } from '../documentation.ts';
import { Environment } from '../values/evaluate.ts';
import { showValue } from '../values/value.ts';
import { contextAt, dottedNameAt, type Token } from './block-context.ts';
import { explainWord } from './explain.ts';

/** Meaning of the word under the cursor: a declaration's doc comment, a metric's formula, a unit, an option and its default. */
export class BenchHoverProvider implements HoverProvider {
  readonly #lexer: Lexer;
  readonly #references: References;
  readonly #grammarConfig: GrammarConfig;

  constructor(services: LangiumServices) {
    this.#lexer = services.parser.Lexer;
    this.#references = services.references.References;
    this.#grammarConfig = services.parser.GrammarConfig;
  }

  getHoverContent(document: LangiumDocument, params: HoverParams): Hover | undefined {
    const offset = document.textDocument.offsetAt(params.position);
    const value = this.#declarationAt(document, offset) ?? this.#wordAt(document, offset);
    return value === undefined ? undefined : { contents: { kind: MarkupKind.Markdown, value } };
  }

  #declarationAt(document: LangiumDocument, offset: number): string | undefined {
    const root = document.parseResult.value.$cstNode;
    const leaf =
      root === undefined
        ? undefined
        : CstUtils.findDeclarationNodeAtOffset(root, offset, this.#grammarConfig.nameRegexp);
    const target = leaf === undefined ? undefined : this.#references.findDeclarations(leaf).find(isDeclaration);
    if (target === undefined) return undefined;
    const head = '```bench\n' + headOf(target) + '\n```';
    return [head, valueOf(target), docOf(target)].filter((each) => each !== undefined).join('\n\n');
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

type Documented = ast.Param | ast.Backend | ast.Dataset | ast.Load | ast.Sla | ast.Monitor | ast.Benchmark;

function isDeclaration(node: AstNode): node is Documented {
  return (
    ast.isParam(node) ||
    ast.isBackend(node) ||
    ast.isDataset(node) ||
    ast.isLoad(node) ||
    ast.isSla(node) ||
    ast.isMonitor(node) ||
    ast.isBenchmark(node)
  );
}

const LONGEST_HEAD = 12;

/** The declaration as written, cut where it is long. */
function headOf(node: Documented): string {
  const lines = (node.$cstNode?.text ?? '').split(/\r?\n/);
  return lines.length <= LONGEST_HEAD ? lines.join('\n') : [...lines.slice(0, LONGEST_HEAD - 1), '  …', '}'].join('\n');
}

/** The value of a param that is computed from others. */
function valueOf(node: Documented): string | undefined {
  if (!ast.isParam(node) || !(ast.isBinary(node.value) || ast.isNameRef(node.value) || ast.isTemplate(node.value)))
    return undefined;
  const value = new Environment().valueOf(node);
  return value === undefined ? undefined : `= \`${showValue(value)}\``;
}
