/** Runs the slow checks of open files once nobody has typed for a moment; typing again cancels them. */
import { DocumentState, isOperationCancelled, type AstNode, type LangiumDocument } from 'langium';
import type { LangiumSharedServices } from 'langium/lsp';

const QUIET_MS = 400;

/** Resolves after this time, rejects when aborted before. */
export type Wait = (durationMs: number, signal: AbortSignal) => Promise<void>;

export function runSlowChecksWhenQuiet(shared: LangiumSharedServices, wait: Wait): void {
  const { DocumentBuilder: builder, TextDocuments: open, WorkspaceLock: lock } = shared.workspace;
  const waiting = new Set<LangiumDocument<AstNode>>();
  let quiet = new AbortController();
  let isChecking = false;

  const check = async (): Promise<void> => {
    const documents = [...waiting].filter(
      ({ uri, state }) => state === DocumentState.Validated && open.get(uri) !== undefined,
    );
    waiting.clear();
    await lock.write(async (token) => {
      isChecking = true;
      try {
        await builder.build(documents, { validation: { categories: ['slow'] } }, token);
      } finally {
        isChecking = false;
      }
    });
  };

  builder.onUpdate(() => {
    if (!isChecking) quiet.abort();
  });
  builder.onBuildPhase(DocumentState.Validated, (documents) => {
    if (isChecking) return;
    for (const document of documents) if (open.get(document.uri) !== undefined) waiting.add(document);
    quiet.abort();
    quiet = new AbortController();
    const { signal } = quiet;
    wait(QUIET_MS, signal)
      .then(check)
      .catch((thrown: unknown) => {
        // Somebody typed: the next build starts over.
        if (!signal.aborted && !isOperationCancelled(thrown)) throw thrown;
      });
  });
}
