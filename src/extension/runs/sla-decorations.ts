/** Measured values behind the SLA lines of open scenarios, live and afterwards. */
import * as vscode from 'vscode';
import { LANGUAGE_ID } from '../client-options.ts';
import type { Log } from '../log.ts';
import type { Settings } from '../settings.ts';
import type { LastResults } from './last-results.ts';
import type { RunController } from './run-controller.ts';
import { finalSlas, liveSlas, placeMarks, type MeasuredSla, type SlaMark } from './sla-marks.ts';

const EDIT_PAUSE_MS = 400;
const LIVE_PAUSE_MS = 500;

const COLORS = {
  met: new vscode.ThemeColor('charts.green'),
  breached: new vscode.ThemeColor('charts.red'),
  undecided: new vscode.ThemeColor('editorWarning.foreground'),
  unmeasured: new vscode.ThemeColor('descriptionForeground'),
} as const;
const DIM_COLOR = new vscode.ThemeColor('disabledForeground');

export class SlaDecorations implements vscode.Disposable {
  readonly #runs: RunController;
  readonly #results: LastResults;
  readonly #settings: (uri: string) => Settings;
  readonly #log: Log;
  readonly #type = vscode.window.createTextEditorDecorationType({
    after: { margin: '0 0 0 2.5em' },
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedOpen,
  });
  readonly #disposables: { dispose(): void }[];
  #editTimer: NodeJS.Timeout | undefined;
  #liveTimer: NodeJS.Timeout | undefined;

  constructor(runs: RunController, results: LastResults, settings: (uri: string) => Settings, log: Log) {
    this.#runs = runs;
    this.#results = results;
    this.#settings = settings;
    this.#log = log;
    this.#disposables = [
      this.#type,
      vscode.window.onDidChangeVisibleTextEditors(() => this.#loadVisible()),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (document.languageId === LANGUAGE_ID && contentChanges.length > 0) this.#edited();
      }),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration('benchwright.editor')) this.render();
      }),
      results.onChange.on(() => this.render()),
      runs.onDidStart.on((session) => session.onChange.on(() => this.#measured())),
      runs.onDidEnd.on((session) => {
        const uri = session.target.uri;
        log.watch('results', results.load(uri, vscode.Uri.parse(uri).fsPath, true));
      }),
    ];
    this.#loadVisible();
  }

  /** Draws anew in every visible editor. */
  render(): void {
    for (const editor of scenarioEditors()) {
      const { document } = editor;
      const isShown = this.#settings(document.uri.toString()).showsMeasuredValues;
      const slas = isShown ? this.#slasOf(document) : [];
      const marks = slas.length === 0 ? [] : placeMarks(slas, document.getText().split(/\r?\n/));
      editor.setDecorations(
        this.#type,
        marks.map((mark) => decorationOf(mark, document)),
      );
    }
  }

  dispose(): void {
    clearTimeout(this.#editTimer);
    clearTimeout(this.#liveTimer);
    for (const each of this.#disposables) each.dispose();
  }

  /** A run that goes on knows best; else the newest result, of this scenario or of one that imports this file. */
  #slasOf(document: vscode.TextDocument): readonly MeasuredSla[] {
    const file = document.uri.fsPath;
    const isHere = (sla: MeasuredSla): boolean => sla.file === file;
    for (const session of this.#runs.active) {
      const live = session.isOver ? [] : liveSlas(session).filter(isHere);
      if (live.length > 0) return live;
    }
    const own = this.#results.get(document.uri.toString());
    const results = own === undefined ? this.#results.all : [own];
    return results.flatMap((result) => finalSlas(result).filter(isHere));
  }

  #loadVisible(): void {
    for (const { document } of scenarioEditors())
      this.#log.watch('results', this.#results.load(document.uri.toString(), document.uri.fsPath));
    this.render();
  }

  #edited(): void {
    clearTimeout(this.#editTimer);
    this.#editTimer = setTimeout(() => {
      this.#log.watch(
        'results',
        this.#results.checkFreshness().then(() => this.render()),
      );
    }, EDIT_PAUSE_MS);
  }

  #measured(): void {
    this.#liveTimer ??= setTimeout(() => {
      this.#liveTimer = undefined;
      this.render();
    }, LIVE_PAUSE_MS);
  }
}

function scenarioEditors(): readonly vscode.TextEditor[] {
  return vscode.window.visibleTextEditors.filter(
    ({ document }) => document.languageId === LANGUAGE_ID && document.uri.scheme === 'file',
  );
}

function decorationOf(mark: SlaMark, document: vscode.TextDocument): vscode.DecorationOptions {
  const line = document.lineAt(mark.line);
  const isDim = mark.state === 'stale' || mark.isInvalid;
  return {
    range: new vscode.Range(line.range.end, line.range.end),
    hoverMessage: new vscode.MarkdownString(mark.hover),
    renderOptions: {
      after: {
        contentText: mark.text,
        color: isDim ? DIM_COLOR : COLORS[mark.verdict],
        ...(isDim ? { fontStyle: 'italic' } : {}),
      },
    },
  };
}
