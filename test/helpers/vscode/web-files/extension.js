// A folder behind a web page, as github.dev has one: read from the page's server, written in memory only.
const vscode = require('vscode');

exports.activate = async (context) => {
  const address = vscode.Uri.joinPath(context.extensionUri, '../../workspace.json').toString(true);
  const contents = await (await fetch(address)).json();
  const files = new Map(Object.entries(contents).map(([path, text]) => [path, new TextEncoder().encode(text)]));
  const isFolder = (path) => [...files.keys()].some((each) => each.startsWith(path === '/' ? '/' : `${path}/`));
  const changes = new vscode.EventEmitter();

  const provider = {
    onDidChangeFile: changes.event,
    watch: () => new vscode.Disposable(() => {}),
    stat({ path }) {
      const file = files.get(path);
      if (file !== undefined) return { type: vscode.FileType.File, ctime: 0, mtime: 0, size: file.length };
      if (isFolder(path)) return { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 };
      throw vscode.FileSystemError.FileNotFound(path);
    },
    readDirectory({ path }) {
      const prefix = path === '/' ? '/' : `${path}/`;
      const below = [...files.keys()]
        .filter((each) => each.startsWith(prefix))
        .map((each) => each.slice(prefix.length));
      return [...new Set(below.map((each) => each.split('/')[0]))].map((name) => [
        name,
        files.has(prefix + name) ? vscode.FileType.File : vscode.FileType.Directory,
      ]);
    },
    readFile({ path }) {
      const file = files.get(path);
      if (file === undefined) throw vscode.FileSystemError.FileNotFound(path);
      return file;
    },
    writeFile(uri, content) {
      const type = files.has(uri.path) ? vscode.FileChangeType.Changed : vscode.FileChangeType.Created;
      files.set(uri.path, content);
      changes.fire([{ type, uri }]);
    },
    createDirectory() {},
    delete(uri) {
      files.delete(uri.path);
      changes.fire([{ type: vscode.FileChangeType.Deleted, uri }]);
    },
    rename() {
      throw vscode.FileSystemError.NoPermissions('not offered here');
    },
  };
  context.subscriptions.push(vscode.workspace.registerFileSystemProvider('pagefs', provider));
};
