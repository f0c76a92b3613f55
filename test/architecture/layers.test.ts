/** The table of who may import whom (ARCHITECTURE.md). The tsconfig of each layer keeps most of it; this keeps the rest. */
import assert from 'node:assert/strict';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { test } from 'node:test';
import { findCycles, importsOf, readImportGraph, type ImportEdge } from './import-graph.ts';

const root = path.join(import.meta.dirname, '..', '..');
const edges = readImportGraph(root, ['src/**/*.ts', 'webview/**/*.ts']);

type Layer = 'contract' | 'language' | 'runner' | 'extension' | 'webview';

const layerOf = (file: string): Layer => (/^(?:src\/)?(\w+)\//.exec(file)?.[1] ?? 'none') as Layer;

const allowedLayers: Readonly<Record<Layer, readonly Layer[]>> = {
  contract: ['contract'],
  language: ['contract', 'language'],
  runner: ['contract', 'runner'],
  extension: ['contract', 'extension'],
  webview: ['contract', 'webview'],
};

/** Packages by the beginning of their name. */
const allowedPackages: Readonly<Record<Layer, RegExp | undefined>> = {
  contract: undefined,
  language: /^(langium|vscode-languageserver|vscode-uri)/,
  runner: /^(?!vscode|langium|chart\.js|lit\b|@vscode)/,
  extension: /^(vscode$|vscode-languageclient)/,
  webview: /^(chart\.js|chartjs-|lit\b|@vscode-elements|@vscode\/codicons)/,
};

/** The terminal's commands compile a file and then run it, so they alone reach from runner to language, by its front door. */
const mayCompile = /^src\/runner\/cli(-\w+)?\.ts$|^src\/runner\/cli\//;

/** Where a layer may touch the machine. */
const mayDoInputOutput: Readonly<Record<Layer, RegExp>> = {
  contract: /^$/,
  language: /^src\/language\/(main|index|node-file-system)\.ts$/,
  runner: /^src\/runner\/(platform\/|cli(-\w+)?\.ts$|main\.ts$|run\/load-worker\.ts$|simulator\/main\.ts$)/,
  extension: /./,
  webview: /^$/,
};

/** Of Node's modules, those that only compute. */
const pureModules: Readonly<Record<Layer, ReadonlySet<string>>> = {
  contract: new Set(),
  language: new Set(),
  runner: new Set(['assert', 'buffer', 'crypto', 'events', 'path', 'string_decoder', 'url', 'util', 'zlib']),
  extension: new Set(),
  webview: new Set(),
};

const nodeModule = (specifier: string): string | undefined => {
  const name = specifier.replace(/^node:/, '');
  return specifier.startsWith('node:') || builtinModules.includes(name) ? name.split('/')[0] : undefined;
};

const describeEdges = (found: readonly ImportEdge[]): string[] => found.map(({ from, to }) => `${from} → ${to}`);

test('the sources were found and their imports read', () => {
  assert.ok(edges.length > 100, `${edges.length} imports`);
});

test('a layer imports only the layers below it', () => {
  const wrong = edges.filter(({ from, to, isProjectFile }) => {
    if (!isProjectFile || allowedLayers[layerOf(from)].includes(layerOf(to))) return false;
    return !(to === 'src/language/index.ts' && mayCompile.test(from));
  });
  assert.deepEqual(describeEdges(wrong), []);
});

test('packages stay in the layers they are meant for', () => {
  const wrong = edges.filter(({ from, to, isProjectFile }) => {
    if (isProjectFile || nodeModule(to) !== undefined) return false;
    return !allowedPackages[layerOf(from)]?.test(to);
  });
  assert.deepEqual(describeEdges(wrong), []);
});

test('Node modules that touch the machine are imported only where a layer may touch it', () => {
  const wrong = edges.filter(({ from, to, isTypeOnly }) => {
    const name = nodeModule(to);
    const layer = layerOf(from);
    if (name === undefined || mayDoInputOutput[layer].test(from)) return false;
    return !pureModules[layer].has(name) && !(isTypeOnly && layer === 'runner');
  });
  assert.deepEqual(describeEdges(wrong), []);
});

test('no file is loaded in a circle', () => {
  assert.deepEqual(
    findCycles(edges).map((cycle) => cycle.join(' → ')),
    [],
  );
});

test('no file goes through its own layer’s front door', () => {
  const wrong = edges.filter(({ from, to }) => path.posix.basename(to) === 'index.ts' && layerOf(from) === layerOf(to));
  assert.deepEqual(describeEdges(wrong), []);
});

test('the reader of imports sees all their forms', () => {
  const text = `
    import type { A } from './a.ts';
    import { b, type B } from './b.ts';
    import './c.css';
    export * from './d.ts';
    export type { E } from './e.ts';
    // import './not-this.ts';
    /* import './nor-this.ts'; */
    import {
      f,
    } from 'node:fs';
    const g = await import('./g.ts');
    export const text = 'from';
  `;
  assert.deepEqual(
    importsOf('src/x/y.ts', text).map(({ to, isTypeOnly }) => [to, isTypeOnly]),
    [
      ['src/x/a.ts', true],
      ['src/x/b.ts', false],
      ['src/x/c.css', false],
      ['src/x/d.ts', false],
      ['src/x/e.ts', true],
      ['node:fs', false],
      ['src/x/g.ts', false],
    ],
  );
});

test('the finder of circles finds one, and only where values are loaded', () => {
  const edge = (from: string, to: string, isTypeOnly = false): ImportEdge => ({
    from,
    to,
    isProjectFile: true,
    isTypeOnly,
  });
  assert.deepEqual(findCycles([edge('a', 'b'), edge('b', 'c'), edge('c', 'a')]), [['a', 'b', 'c', 'a']]);
  assert.deepEqual(findCycles([edge('a', 'b'), edge('b', 'a', true)]), []);
});
