/** The language in an editor: everything of bench-module.ts, and the language server's services. */
import { inject, type Module } from 'langium';
import {
  createDefaultModule,
  createDefaultSharedModule,
  type DefaultSharedModuleContext,
  type LangiumServices,
  type LangiumSharedServices,
  type PartialLangiumLSPServices,
} from 'langium/lsp';
import { benchCoreModule, benchSharedModule, type BenchAddedServices } from '../bench-module.ts';
import { BenchGeneratedModule, BenchGeneratedSharedModule } from '../generated/module.ts';

export type BenchServices = LangiumServices & BenchAddedServices;

const benchLspModule: Module<BenchServices, PartialLangiumLSPServices> = {};

export function createBenchServices(context: DefaultSharedModuleContext): {
  shared: LangiumSharedServices;
  bench: BenchServices;
} {
  const shared = inject(createDefaultSharedModule(context), BenchGeneratedSharedModule, benchSharedModule);
  const bench = inject(createDefaultModule({ shared }), BenchGeneratedModule, benchCoreModule, benchLspModule);
  shared.ServiceRegistry.register(bench);
  return { shared, bench };
}
