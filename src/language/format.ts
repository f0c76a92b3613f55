import { createBenchCoreServices } from './bench-module.ts';
import { BenchFileSystemProvider, noFiles } from './file-system.ts';
import { formatText } from './lsp/formatter.ts';

/** A scenario's text as the editor would format it; unchanged where it cannot be read token by token. */
export function formatScenario(text: string): string {
  const { bench } = createBenchCoreServices({ fileSystemProvider: () => new BenchFileSystemProvider(noFiles) });
  return formatText(text, bench.parser.Lexer);
}
