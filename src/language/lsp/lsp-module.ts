/** The language in an editor: everything of bench-module.ts, and the language server's services. */
import { inject, type Module } from 'langium';
import {
  createDefaultModule,
  createDefaultSharedModule,
  type DefaultSharedModuleContext,
  type LangiumServices,
  type LangiumSharedServices,
  type PartialLangiumServices,
  type PartialLangiumSharedServices,
} from 'langium/lsp';
import { benchCoreModule, benchSharedModule, type BenchAddedServices } from '../bench-module.ts';
import { BenchGeneratedModule, BenchGeneratedSharedModule } from '../generated/module.ts';
import { BenchCodeActionProvider } from './code-actions.ts';
import { BenchCodeLensProvider } from './code-lens.ts';
import { BenchCompletionProvider } from './completion.ts';
import { BenchDocumentLinkProvider } from './document-links.ts';
import { BenchFormatter } from './formatter.ts';
import { BenchHoverProvider } from './hover.ts';
import { BenchInlayHintProvider } from './inlay-hints.ts';
import { LastResults } from './last-result.ts';
import { ResultAwareValidator } from './result-validator.ts';
import { BenchSemanticTokenProvider } from './semantic-tokens.ts';
import { BenchDocumentSymbolProvider, BenchNodeKindProvider } from './symbols.ts';
import { BenchDocumentUpdateHandler, watchResults } from './watch-results.ts';

/** Services of the editor that Langium does not know. */
export interface BenchEditorServices {
  readonly results: { readonly LastResults: LastResults };
}
export type BenchServices = LangiumServices & BenchAddedServices & BenchEditorServices;

const benchLspModule: Module<BenchServices, PartialLangiumServices & BenchEditorServices> = {
  results: {
    LastResults: (services) => new LastResults(services.shared.workspace.FileSystemProvider),
  },
  lsp: {
    CodeActionProvider: () => new BenchCodeActionProvider(),
    CodeLensProvider: (services) => new BenchCodeLensProvider(services.results.LastResults),
    CompletionProvider: (services) => new BenchCompletionProvider(services),
    DocumentLinkProvider: () => new BenchDocumentLinkProvider(),
    DocumentSymbolProvider: (services) => new BenchDocumentSymbolProvider(services),
    Formatter: (services) => new BenchFormatter(services),
    HoverProvider: (services) => new BenchHoverProvider(services),
    InlayHintProvider: (services) => new BenchInlayHintProvider(services.values.parseValue),
    SemanticTokenProvider: (services) => new BenchSemanticTokenProvider(services),
  },
  validation: {
    DocumentValidator: (services) => new ResultAwareValidator(services, services.results.LastResults),
  },
};

const benchLspSharedModule: Module<LangiumSharedServices, PartialLangiumSharedServices> = {
  lsp: {
    DocumentUpdateHandler: (services) => new BenchDocumentUpdateHandler(services),
    NodeKindProvider: () => new BenchNodeKindProvider(),
  },
};

export function createBenchServices(context: DefaultSharedModuleContext): {
  shared: LangiumSharedServices;
  bench: BenchServices;
} {
  const shared = inject(
    createDefaultSharedModule(context),
    BenchGeneratedSharedModule,
    benchSharedModule,
    benchLspSharedModule,
  );
  const bench = inject(createDefaultModule({ shared }), BenchGeneratedModule, benchCoreModule, benchLspModule);
  shared.ServiceRegistry.register(bench);
  watchResults(shared, bench);
  return { shared, bench };
}
