import { DefaultDocumentSymbolProvider, DefaultNodeKindProvider } from 'langium/lsp';
import type { AstNode, AstNodeDescription, CstNode, LangiumDocument } from 'langium';
import { CompletionItemKind, SymbolKind, type DocumentSymbol } from 'vscode-languageserver-protocol';
import {
  isBenchmark,
  isFrom,
  isProtocol,
  isStage,
  type BackendBlock,
  type DatasetBlock,
  type MonitorBlock,
} from '../ast.ts';

const SYMBOL_KINDS: Readonly<Record<string, SymbolKind>> = {
  Param: SymbolKind.Constant,
  Backend: SymbolKind.Interface,
  Dataset: SymbolKind.Array,
  Load: SymbolKind.Event,
  Stage: SymbolKind.Field,
  Sla: SymbolKind.Boolean,
  Monitor: SymbolKind.Variable,
  Benchmark: SymbolKind.Method,
  Sweep: SymbolKind.Enum,
  Search: SymbolKind.Function,
  Compare: SymbolKind.Operator,
  Profile: SymbolKind.Function,
  Estimate: SymbolKind.Function,
};

const COMPLETION_KINDS: Readonly<Record<string, CompletionItemKind>> = {
  Param: CompletionItemKind.Constant,
  Backend: CompletionItemKind.Interface,
  Dataset: CompletionItemKind.Struct,
  Load: CompletionItemKind.Event,
  Sla: CompletionItemKind.Value,
  Monitor: CompletionItemKind.Variable,
  Benchmark: CompletionItemKind.Method,
};

export class BenchNodeKindProvider extends DefaultNodeKindProvider {
  override getSymbolKind(node: AstNode | AstNodeDescription): SymbolKind {
    return SYMBOL_KINDS[typeOf(node)] ?? SymbolKind.Property;
  }

  override getCompletionItemKind(node: AstNode | AstNodeDescription): CompletionItemKind {
    return COMPLETION_KINDS[typeOf(node)] ?? CompletionItemKind.Reference;
  }
}

/** Declarations and the stages of loads; settings inside them are not symbols. */
export class BenchDocumentSymbolProvider extends DefaultDocumentSymbolProvider {
  protected override getSymbol(document: LangiumDocument, node: AstNode): DocumentSymbol[] {
    return SYMBOL_KINDS[node.$type] === undefined
      ? (this.getChildSymbols(document, node) ?? [])
      : super.getSymbol(document, node);
  }

  protected override createSymbol(
    document: LangiumDocument,
    node: AstNode,
    cst: CstNode,
    name: CstNode,
    computed?: string,
  ): DocumentSymbol {
    const detail = detailOf(node);
    return { ...super.createSymbol(document, node, cst, name, computed), ...(detail === undefined ? {} : { detail }) };
  }
}

/** What tells one declaration from its neighbours at a glance. */
function detailOf(node: AstNode): string | undefined {
  if (isStage(node)) return node.clauses.map((clause) => clause.$cstNode?.text ?? '').join(' ');
  if (isBenchmark(node)) return node.items.find((item) => item.$type === 'On')?.$cstNode?.text.slice(0, 40);
  const body = (node as { body?: BackendBlock | DatasetBlock | MonitorBlock }).body;
  for (const item of body !== undefined && 'items' in body ? body.items : []) {
    if (isProtocol(item)) return item.id;
    if (isFrom(item)) return item.source;
  }
  return undefined;
}

function typeOf(node: AstNode | AstNodeDescription): string {
  return 'type' in node && typeof node.type === 'string' ? node.type : (node as AstNode).$type;
}
