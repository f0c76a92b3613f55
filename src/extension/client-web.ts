/** The language client of a web page, whose server is a worker. */
import type * as vscode from 'vscode';
import {
  BrowserMessageReader,
  BrowserMessageWriter,
  LanguageClient,
  type MessageTransports,
} from 'vscode-languageclient/browser';
import { answerFileRequests } from './client-files.ts';
import { CLIENT_ID, CLIENT_NAME, clientOptions } from './client-options.ts';
import type { Log } from './log.ts';

/** The page's own; the types of this layer know Node's globals only. */
declare class Worker {
  constructor(url: string);
  terminate(): void;
}

export class WebClient implements vscode.Disposable {
  readonly #client: LanguageClient;
  readonly #log: Log;
  #worker: Worker | undefined;

  constructor(serverFile: vscode.Uri, log: Log) {
    this.#log = log;
    const start = (): Promise<MessageTransports> => {
      this.#worker?.terminate();
      const worker = new Worker(serverFile.toString(true));
      this.#worker = worker;
      // Made here, because VS Code's own kind of worker is none to the client.
      return Promise.resolve({ reader: new BrowserMessageReader(worker), writer: new BrowserMessageWriter(worker) });
    };
    this.#client = new LanguageClient(CLIENT_ID, CLIENT_NAME, start, clientOptions(log));
    answerFileRequests(this.#client);
  }

  start(): void {
    this.#log.watch('language server', this.#client.start());
  }

  async restart(): Promise<void> {
    await this.#client.stop();
    await this.#client.start();
  }

  dispose(): void {
    this.#log.watch(
      'language server',
      this.#client.dispose().finally(() => this.#worker?.terminate()),
    );
  }
}
