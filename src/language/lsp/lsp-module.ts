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
import { BenchCodeActionProvider } from './actions/code-actions.ts';
import { BenchCodeLensProvider } from './code-lens.ts';
import { BenchCompletionProvider } from './completion.ts';
import { BenchDocumentLinkProvider } from './document-links.ts';
import { BenchFoldingRangeProvider } from './folding.ts';
import { BenchFormatter } from './formatter.ts';
import { BenchHoverProvider } from './hover.ts';
import { ImportableNames } from './importable-names.ts';
import { BenchInlayHintProvider } from './inlay-hints.ts';
import { BenchLanguageServer } from './language-server.ts';
import { LastResults } from './last-result.ts';
import { ModelQuestions } from './model-questions.ts';
import { BenchRenameProvider } from './rename.ts';
import { LibraryContentProvider } from './library-content.ts';
import { ResultAwareValidator } from './result-validator.ts';
import { registerSelectionRanges } from './selection-ranges.ts';
import { BenchSemanticTokenProvider } from './semantic-tokens.ts';
import { BenchSignatureHelpProvider } from './signature-help.ts';
import { BenchDocumentSymbolProvider, BenchNodeKindProvider } from './symbols.ts';
import { BenchDocumentUpdateHandler, watchResults } from './watch-results.ts';

/** Services of the editor that Langium does not know. */
export interface BenchEditorServices {
  readonly results: { readonly LastResults: LastResults };
  readonly names: { readonly ImportableNames: ImportableNames; readonly ModelQuestions: ModelQuestions };
}
export type BenchServices = LangiumServices & BenchAddedServices & BenchEditorServices;

const benchLspModule: Module<BenchServices, PartialLangiumServices & BenchEditorServices> = {
  results: {
    LastResults: (services) => new LastResults(services.shared.workspace.FileSystemProvider),
  },
  names: {
    ImportableNames: (services) => new ImportableNames(services),
    ModelQuestions: (services) => new ModelQuestions(services),
  },
  lsp: {
    CodeActionProvider: (services) => new BenchCodeActionProvider(services, services.names.ImportableNames),
    CodeLensProvider: (services) => new BenchCodeLensProvider(services.results.LastResults, services.values.parseValue),
    CompletionProvider: (services) => new BenchCompletionProvider(services),
    DocumentLinkProvider: () => new BenchDocumentLinkProvider(),
    DocumentSymbolProvider: (services) => new BenchDocumentSymbolProvider(services),
    FoldingRangeProvider: (services) => new BenchFoldingRangeProvider(services),
    Formatter: (services) => new BenchFormatter(services),
    HoverProvider: (services) => new BenchHoverProvider(services),
    InlayHintProvider: (services) => new BenchInlayHintProvider(services.values.parseValue),
    RenameProvider: (services) => new BenchRenameProvider(services),
    SemanticTokenProvider: (services) => new BenchSemanticTokenProvider(services),
    SignatureHelp: (services) => new BenchSignatureHelpProvider(services),
  },
  validation: {
    DocumentValidator: (services) => new ResultAwareValidator(services, services.results.LastResults),
  },
};

const benchLspSharedModule: Module<LangiumSharedServices, PartialLangiumSharedServices> = {
  lsp: {
    LanguageServer: (services) => new BenchLanguageServer(services),
    DocumentUpdateHandler: (services) => new BenchDocumentUpdateHandler(services),
    NodeKindProvider: () => new BenchNodeKindProvider(),
    TextDocumentContentProvider: () => new LibraryContentProvider(),
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
  registerSelectionRanges(shared);
  return { shared, bench };
}
