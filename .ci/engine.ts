/** `npm run engine`: llama.cpp with a small model on port 8080 until Ctrl-C, for trying examples/llama-cpp.bench by hand. */
import { runTask } from './project.ts';
import { startLlamaEngine } from './llama-engine.ts';
import { untilInterrupted } from './run-process.ts';

async function main(): Promise<number> {
  const port = Number(process.argv[2] ?? 8080);
  const engine = await startLlamaEngine({ port, output: 'show' });
  process.stdout.write(`\n  llama.cpp with SmolLM2-135M-Instruct listens on ${engine.url}\n`);
  process.stdout.write('  In another terminal: node dist/cli.js run examples/llama-cpp.bench. Ctrl-C ends it.\n\n');
  await untilInterrupted();
  await engine.dispose();
  return 0;
}

await runTask(main);
