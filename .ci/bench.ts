/** `npm run bench:NAME`: prints figures of this machine; nothing passes or fails. */
const BENCHES: Readonly<Record<string, () => Promise<unknown>>> = {
  engine: () => import('../test/bench/engine.ts'),
  // Its sources are checked with the tests, against the newer library that the runner has.
  memory: () => import(new URL('../test/bench/memory.ts', import.meta.url).href),
  language: () => import('../test/bench/language-server.ts'),
  simulator: () => import('../test/bench/simulator-lateness.ts'),
};

const [name = ''] = process.argv.slice(2);
const bench = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
if (bench === undefined)
  throw new Error(`there is no bench called '${name}'; there are: ${Object.keys(BENCHES).join(', ')}`);
await bench();
