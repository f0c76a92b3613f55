/** Where the extension's own files lie. */
import * as vscode from 'vscode';

export class InstalledFiles {
  readonly #root: vscode.Uri;

  constructor(root: vscode.Uri) {
    this.#root = root;
  }

  get dist(): vscode.Uri {
    return vscode.Uri.joinPath(this.#root, 'dist');
  }
  get languageServer(): string {
    return vscode.Uri.joinPath(this.dist, 'language-server.js').fsPath;
  }
  get webLanguageServer(): vscode.Uri {
    return vscode.Uri.joinPath(this.dist, 'language-server-web.js');
  }
  get runner(): string {
    return vscode.Uri.joinPath(this.dist, 'runner.js').fsPath;
  }
  get commandLine(): string {
    return vscode.Uri.joinPath(this.dist, 'cli.js').fsPath;
  }
  get icon(): vscode.Uri {
    return vscode.Uri.joinPath(this.#root, 'icons', 'bench-dark.svg');
  }
  get exampleScenario(): vscode.Uri {
    return vscode.Uri.joinPath(this.#root, 'examples', 'quickstart.bench');
  }
}
