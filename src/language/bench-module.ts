/**
 * Composition root of the language: which service is ours and which is Langium's. Read this file first.
 * What an editor needs in addition is in lsp/lsp-module.ts, so that a terminal does not carry it.
 */
import {
  createDefaultCoreModule,
  createDefaultSharedCoreModule,
  inject,
  type DefaultSharedCoreModuleContext,
  type LangiumCoreServices,
  type LangiumSharedCoreServices,
  type Module,
  type PartialLangiumCoreServices,
  type PartialLangiumSharedCoreServices,
} from 'langium';
import { BenchDocumentationProvider } from './documentation.ts';
import { BenchGeneratedModule, BenchGeneratedSharedModule } from './generated/module.ts';
import { BenchDocumentFactory } from './parser/document-factory.ts';
import { BenchLexer } from './parser/lexer.ts';
import { BenchParserMessages } from './parser/messages.ts';
import { createBenchParser } from './parser/parser.ts';
import { BenchTokenBuilder } from './parser/tokens.ts';
import { BenchValueConverter } from './parser/value-converter.ts';
import { BenchDocumentBuilder } from './references/bench-document-builder.ts';
import { BenchLinker, BenchReferenceDescriptionProvider } from './references/linker.ts';
import { BenchScopeComputation, BenchScopeProvider } from './references/scope.ts';
import { BenchDocumentValidator } from './validation/bench-document-validator.ts';
import { BenchValidationRegistry } from './validation/checks.ts';
import type { Bindings } from './values/bindings.ts';
import { createParseValue, type ParseValue } from './values/parse-value.ts';

/** Services of ours that Langium does not know. */
export interface BenchAddedServices {
  readonly values: {
    /** Values that stand in no file. */
    readonly parseValue: ParseValue;
    /** What `--set` gives to params; nothing in an editor. */
    readonly given: { bindings: Bindings };
  };
}
export type BenchCoreServices = LangiumCoreServices & BenchAddedServices;

/** It keeps nothing between texts, and making it is a third of what a set of services costs, so all sets share one. */
let lexer: BenchLexer | undefined;

/** What parsing, linking and checking need; the same in an editor and in a terminal. */
export const benchCoreModule: Module<BenchCoreServices, PartialLangiumCoreServices & BenchAddedServices> = {
  parser: {
    LangiumParser: (services) => createBenchParser(services),
    Lexer: (services) => (lexer ??= new BenchLexer(services)),
    ParserErrorMessageProvider: () => new BenchParserMessages(),
    TokenBuilder: () => new BenchTokenBuilder(),
    ValueConverter: () => new BenchValueConverter(),
  },
  references: {
    Linker: (services) => new BenchLinker(services),
    ScopeComputation: (services) => new BenchScopeComputation(services),
    ScopeProvider: (services) => new BenchScopeProvider(services),
  },
  validation: {
    DocumentValidator: (services) => new BenchDocumentValidator(services),
    ValidationRegistry: (services) => new BenchValidationRegistry(services),
  },
  workspace: {
    ReferenceDescriptionProvider: (services) => new BenchReferenceDescriptionProvider(services),
  },
  documentation: {
    DocumentationProvider: () => new BenchDocumentationProvider(),
  },
  values: {
    parseValue: (services) => createParseValue(services.parser.LangiumParser),
    given: () => ({ bindings: new Map() }),
  },
};

/** What all languages of a workspace share; here, what a workspace is. */
export const benchSharedModule: Module<LangiumSharedCoreServices, PartialLangiumSharedCoreServices> = {
  workspace: {
    DocumentBuilder: (services) => new BenchDocumentBuilder(services),
    LangiumDocumentFactory: (services) => new BenchDocumentFactory(services),
  },
};

/** The language without an editor. */
export function createBenchCoreServices(context: DefaultSharedCoreModuleContext): {
  shared: LangiumSharedCoreServices;
  bench: BenchCoreServices;
} {
  const shared = inject(createDefaultSharedCoreModule(context), BenchGeneratedSharedModule, benchSharedModule);
  const bench = inject(createDefaultCoreModule({ shared }), BenchGeneratedModule, benchCoreModule);
  shared.ServiceRegistry.register(bench);
  return { shared, bench };
}
