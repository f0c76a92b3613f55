/** The language server's client: started, never waited for, asked for plans and benchmarks. */
import * as vscode from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';
import {
  BENCHMARKS_REQUEST,
  COMPILE_REQUEST,
  RESULT_NOTIFICATION,
  type BenchInitializationOptions,
  type BenchmarkItem,
  type CompileParams,
  type CompileResult,
  type ResultChangedParams,
} from '../contract/protocol/language.ts';
import { answerFileRequests } from './client-files.ts';
import { CLIENT_ID, CLIENT_NAME, clientOptions } from './client-options.ts';
import type { Log } from './log.ts';

export class BenchClient implements vscode.Disposable {
  readonly #client: LanguageClient;
  readonly #log: Log;

  constructor(serverFile: string, log: Log) {
    this.#log = log;
    const server = { module: serverFile, transport: TransportKind.ipc };
    this.#client = new LanguageClient(
      CLIENT_ID,
      CLIENT_NAME,
      { run: server, debug: server },
      {
        ...clientOptions(log),
        initializationOptions: (): BenchInitializationOptions => ({ asksModels: vscode.workspace.isTrusted }),
      },
    );
    answerFileRequests(this.#client);
  }

  start(): void {
    this.#log.watch('language server', this.#client.start());
  }

  async restart(): Promise<void> {
    await this.#client.restart();
  }

  compile(params: CompileParams): Promise<CompileResult> {
    return this.#client.sendRequest<CompileResult>(COMPILE_REQUEST, params);
  }

  benchmarks(uri: string): Promise<readonly BenchmarkItem[]> {
    return this.#client.sendRequest<readonly BenchmarkItem[]>(BENCHMARKS_REQUEST, { uri });
  }

  /** The server publishes the verdicts of the newest result anew. */
  async resultChanged(scenarioUri: string): Promise<void> {
    await this.#client.sendNotification(RESULT_NOTIFICATION, { scenarioUri } satisfies ResultChangedParams);
  }

  dispose(): void {
    this.#log.watch('language server', this.#client.dispose());
  }
}
