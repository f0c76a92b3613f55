/** The command line under a Node that is new enough (cli.ts sees to that): real streams, signals and files, handed to the commands. */
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createKeyboard } from './terminal/keyboard.ts';
import { createTerminal } from './terminal/terminal.ts';
import { INTERRUPT_MESSAGE } from './cli/launcher-message.ts';
import { runCommandLine } from './cli/run-command-line.ts';
import type { Services } from './cli/services.ts';
import { COMMAND_FILES, showPath } from './platform/command-files.ts';
import { isInForeground } from './platform/foreground.ts';

/** Text that cannot be read as the language; such a file is not formatted. */
const SYNTAX_CODES = /^BENCH1/;

/** Each part is imported by the command that needs it, so that `--version` loads none. */
const services: Services = {
  async language() {
    const { compileFile, formatScenario, nodeFileSystem } = await import('../language/index.ts');
    return {
      compile: (file, set) => compileFile(file, { set, fileSystem: nodeFileSystem }),
      async format(file) {
        const { diagnostics } = await compileFile(file, { fileSystem: nodeFileSystem });
        const unreadable = diagnostics.filter((each) => each.file === file && SYNTAX_CODES.test(each.code));
        if (unreadable.some((each) => each.severity === 'error')) return { diagnostics: unreadable };
        return { text: formatScenario(COMMAND_FILES.readText(file) ?? '') };
      },
    };
  },
  async startRun() {
    const { startRun } = (await importBeside('run/start-run.ts')) as typeof import('./run/start-run.ts');
    return startRun;
  },
  renderReport: async (directory, formats) =>
    (await import('./reports/write-reports.ts')).writeReports(directory, formats),
  startSimulator: async (service) => (await import('./simulator/serve.ts')).serveSimulator(service),
  async serveLanguage() {
    // It reads `--stdio` from the same arguments, and ends the process when its client is gone.
    await importBeside('../language/main.ts', 'language-server.js');
    await new Promise<never>(() => {});
  },
  files: COMMAND_FILES,
};

/** A program that is a bundle of its own: beside this file in dist, at its place in the sources. */
function importBeside(source: string, bundle = `${basename(source, '.ts')}.js`): Promise<unknown> {
  const isSource = fileURLToPath(import.meta.url).endsWith('.ts');
  return import(new URL(isSource ? source : bundle, import.meta.url).href);
}

// What the launcher received and no command listens to has the effect it would have had without a launcher.
process.on('message', (message: Record<string, unknown>) => {
  const signal = message[INTERRUPT_MESSAGE];
  if (typeof signal === 'string' && process.listenerCount(signal) === 0) process.kill(process.pid, signal);
});
process.channel?.unref();

const keyboard = createKeyboard({
  input: () => process.stdin,
  // To the whole job, as a terminal does it: the launcher, and whoever else waits with us. Windows knows no jobs.
  raise: (signal) => void (process.platform === 'win32' ? process.emit(signal, signal) : process.kill(0, signal)),
  whenContinued(listener) {
    process.on('SIGCONT', listener);
    return () => process.off('SIGCONT', listener);
  },
  isInForeground,
});

process.exitCode = await runCommandLine(process.argv.slice(2), {
  terminal: createTerminal({
    out: process.stdout,
    error: process.stderr,
    environment: process.env,
    showPath,
    keyboard,
  }),
  environment: process.env,
  signals: process,
  leave: (exitCode) => process.exit(exitCode),
  services,
});
