import { interruptAndCheck, type AstNode, type LangiumDocument } from 'langium';
import { AbstractSemanticTokenProvider, type SemanticTokenAcceptor } from 'langium/lsp';
import { SemanticTokenModifiers, SemanticTokenTypes } from 'vscode-languageserver-protocol';
import { findMetric } from '../../contract/metrics.ts';
import * as ast from '../ast.ts';
import { contentsOf, partsOf } from '../references/contents.ts';
import { benchFileOf } from '../references/imports.ts';

/** What colour cannot be told from the text alone: what a name stands for. Everything else is the TextMate grammar's. */
export class BenchSemanticTokenProvider extends AbstractSemanticTokenProvider {
  protected override async computeHighlighting(
    document: LangiumDocument,
    acceptor: SemanticTokenAcceptor,
    token: Parameters<AbstractSemanticTokenProvider['computeHighlighting']>[2],
  ): Promise<void> {
    if (this.currentRange !== undefined) return super.computeHighlighting(document, acceptor, token);
    for (const part of partsOf(benchFileOf(document))) {
      await interruptAndCheck(token);
      for (const node of contentsOf(part).nodes) this.highlightElement(node, acceptor);
    }
  }

  protected override highlightElement(node: AstNode, acceptor: SemanticTokenAcceptor): void {
    const declaration = SemanticTokenModifiers.declaration;
    switch (node.$type) {
      case 'Param':
        return acceptor({
          node: node as ast.Param,
          property: 'name',
          type: SemanticTokenTypes.variable,
          modifier: [declaration, SemanticTokenModifiers.readonly],
        });
      case 'Backend':
      case 'Dataset':
      case 'Load':
      case 'Sla':
      case 'Monitor':
        acceptor({
          node: node as ast.Backend,
          property: 'name',
          type: SemanticTokenTypes.class,
          modifier: declaration,
        });
        return acceptor({ node: node as ast.Backend, property: 'base', type: SemanticTokenTypes.class });
      case 'Benchmark':
        acceptor({
          node: node as ast.Benchmark,
          property: 'name',
          type: SemanticTokenTypes.function,
          modifier: declaration,
        });
        return acceptor({ node: node as ast.Benchmark, property: 'base', type: SemanticTokenTypes.function });
      case 'Sweep':
      case 'Search':
      case 'Profile':
        acceptor({ node: node as ast.Sweep, property: 'benchmark', type: SemanticTokenTypes.function });
        return this.#highlightStudy(node as ast.Sweep, acceptor);
      case 'Compare':
      case 'Estimate':
        return this.#highlightStudy(node as ast.Compare, acceptor);
      case 'Choose':
      case 'Find':
        return (node as ast.Choose).slas.forEach((_, index) =>
          acceptor({ node: node as ast.Choose, property: 'slas', index, type: SemanticTokenTypes.class }),
        );
      case 'ProcessClause':
        return acceptor({ node: node as ast.ProcessClause, property: 'name', type: SemanticTokenTypes.enumMember });
      case 'Argument':
        return acceptor({ node: node as ast.Argument, property: 'name', type: SemanticTokenTypes.parameter });
      case 'Report':
        return (node as ast.Report).formats.forEach((_, index) =>
          acceptor({ node: node as ast.Report, property: 'formats', index, type: SemanticTokenTypes.enumMember }),
        );
      case 'Limit':
        return acceptor({ node: node as ast.Limit, property: 'statistic', type: SemanticTokenTypes.enumMember });
      case 'Stage':
        return acceptor({
          node: node as ast.Stage,
          property: 'name',
          type: SemanticTokenTypes.event,
          modifier: declaration,
        });
      case 'Property':
        return acceptor({ node: node as ast.Property, property: 'name', type: SemanticTokenTypes.property });
      case 'Protocol':
        return acceptor({ node: node as ast.Protocol, property: 'id', type: SemanticTokenTypes.enumMember });
      case 'From':
        return acceptor({ node: node as ast.From, property: 'source', type: SemanticTokenTypes.enumMember });
      case 'NameRef':
        return this.#highlightName(node as ast.NameRef, acceptor);
      case 'Call':
        return acceptor({
          node: node as ast.Call,
          property: 'name',
          type: SemanticTokenTypes.function,
          modifier: SemanticTokenModifiers.defaultLibrary,
        });
      case 'Condition':
        return this.#highlightMetric(node as ast.Condition, (node as ast.Condition).metric, acceptor);
      case 'MetricRef':
        acceptor({ node: node as ast.MetricRef, property: 'monitor', type: SemanticTokenTypes.class });
        return this.#highlightMetric(node as ast.MetricRef, (node as ast.MetricRef).metric, acceptor);
      default:
        return this.#highlightReferences(node, acceptor);
    }
  }

  #highlightStudy(node: ast.Sweep | ast.Compare, acceptor: SemanticTokenAcceptor): void {
    const modifier = SemanticTokenModifiers.declaration;
    acceptor({ node, property: 'name', type: SemanticTokenTypes.function, modifier });
  }

  #highlightName(node: ast.NameRef, acceptor: SemanticTokenAcceptor): void {
    const target = node.ref?.ref;
    const type =
      target === undefined
        ? SemanticTokenTypes.enumMember
        : ast.isParam(target)
          ? SemanticTokenTypes.variable
          : SemanticTokenTypes.class;
    acceptor({ node, property: 'ref', type });
  }

  #highlightMetric(
    node: ast.Condition | ast.MetricRef,
    metric: string | undefined,
    acceptor: SemanticTokenAcceptor,
  ): void {
    if (metric === undefined) return;
    const known = findMetric(metric) === undefined ? [] : [SemanticTokenModifiers.defaultLibrary];
    acceptor({
      node,
      property: 'metric',
      type: SemanticTokenTypes.variable,
      modifier: [SemanticTokenModifiers.readonly, ...known],
    });
  }

  #highlightReferences(node: AstNode, acceptor: SemanticTokenAcceptor): void {
    const single: Readonly<Record<string, string>> = {
      On: 'backend',
      Send: 'dataset',
      LoadSlot: 'load',
      MixPart: 'dataset',
    };
    const property = single[node.$type];
    if (property !== undefined)
      acceptor({ node: node as ast.On, property: property as 'backend', type: SemanticTokenTypes.class });
    if (ast.isExpect(node))
      node.slas.forEach((_, index) => acceptor({ node, property: 'slas', index, type: SemanticTokenTypes.class }));
    if (ast.isWatch(node))
      node.monitors.forEach((_, index) =>
        acceptor({ node, property: 'monitors', index, type: SemanticTokenTypes.class }),
      );
    if (ast.isVary(node)) acceptor({ node, property: 'subject', type: SemanticTokenTypes.class });
    if (ast.isSide(node)) {
      acceptor({ node, property: 'benchmark', type: SemanticTokenTypes.function });
      acceptor({ node, property: 'backend', type: SemanticTokenTypes.class });
    }
  }
}
