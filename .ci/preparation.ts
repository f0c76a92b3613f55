/** Gets what suites need. The big installations start at once, so that they are done while the quick suites run. */
import { browserPackage } from './browser.ts';
import { ensureBuilt } from './build.ts';
import { ensureLlamaEngine } from './llama-engine.ts';
import { neovimPackage } from './neovim.ts';
import { packagedVsix } from './package.ts';
import type { Need } from './suites.ts';
import { ensureSystemPackages } from './system-packages.ts';
import { ensureVscodeServer } from './vscode-server.ts';

const makers: Readonly<Record<Need, () => Promise<unknown>>> = {
  // Tests meet what ships, so everything is built as for the package.
  build: () => ensureBuilt(true),
  package: packagedVsix,
  'vscode-server': ensureVscodeServer,
  browser: () => ensureSystemPackages('driving VS Code', [browserPackage]),
  engine: ensureLlamaEngine,
  neovim: () => ensureSystemPackages('the Neovim suite', [neovimPackage]),
};

/** Those that take minutes and do not depend on the sources. */
const early: ReadonlySet<Need> = new Set<Need>(['browser', 'engine', 'neovim', 'vscode-server']);

export interface Preparation {
  /** @throws what went wrong; each need is made once, however many suites have it. */
  ensure(needs: readonly Need[]): Promise<void>;
  /** Resolves when nothing works in the background any more, whatever came of it. */
  quiet(): Promise<void>;
}

export function startPreparation(needs: readonly Need[]): Preparation {
  const made = new Map<Need, Promise<unknown>>();
  const make = (need: Need): Promise<unknown> => {
    const promise = made.get(need) ?? makers[need]();
    made.set(need, promise);
    promise.catch(() => {
      // Told by `ensure` to the suite that needs it.
    });
    return promise;
  };
  for (const need of early) if (needs.includes(need)) void make(need);
  return {
    async ensure(wanted) {
      for (const need of wanted) await make(need);
    },
    async quiet() {
      await Promise.allSettled(made.values());
    },
  };
}
