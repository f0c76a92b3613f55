/** The output channel "Benchwright": what the extension and the runners have to say. */
import * as vscode from 'vscode';

export type LogLevel = 'debug' | 'info' | 'warning' | 'error';

export class Log implements vscode.Disposable {
  readonly channel = vscode.window.createOutputChannel('Benchwright', { log: true });

  write(level: LogLevel, message: string): void {
    switch (level) {
      case 'debug':
        return this.channel.debug(message);
      case 'info':
        return this.channel.info(message);
      case 'warning':
        return this.channel.warn(message);
      case 'error':
        return this.channel.error(message);
    }
  }

  /** For a promise nobody waits for: what goes wrong with it is at least written down. */
  watch(what: string, promise: PromiseLike<unknown>): void {
    promise.then(undefined, (error: unknown) => {
      this.channel.error(`${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    });
  }

  dispose(): void {
    this.channel.dispose();
  }
}
