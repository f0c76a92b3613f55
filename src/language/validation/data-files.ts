/**
 * What the beginning of a data file is, looked at once as long as the file does not change: it is megabytes, and the checks that ask
 * for it run after every pause in typing.
 */
import { decodeText, type LanguageFileSystem } from '../file-system.ts';

/** Enough to find the first bad line of most files, and little enough to read on every save. */
const READ_BYTES = 4_000_000;
/** Entries in which a path is looked for before it is said to match nothing. */
const PROBED_ENTRIES = 100;
const MOST_REMEMBERED = 64;

export interface Malformed {
  readonly line: number;
  readonly problem: string;
}

export interface DataFile {
  readonly malformed?: Malformed;
  /** The first entries of JSON lines that are well-formed. */
  readonly entries: readonly Record<string, unknown>[];
}

export type DataFileKind = 'jsonl' | 'sharegpt';

interface Remembered {
  readonly stamp: string;
  readonly file: Promise<DataFile>;
}

const remembered = new WeakMap<LanguageFileSystem, Map<string, Remembered>>();

/** Rejects when the file cannot be read. */
export async function lookAtDataFile(path: string, kind: DataFileKind, files: LanguageFileSystem): Promise<DataFile> {
  const look = async (): Promise<DataFile> => {
    const bytes = await files.read(path, READ_BYTES);
    const beginning = { text: decodeText(bytes), isWhole: bytes.length < READ_BYTES };
    return kind === 'jsonl' ? lookAtLines(beginning) : lookAtConversations(beginning);
  };
  const status = await files.stat(path);
  if (status?.modifiedMs === undefined) return look();
  const known = remembered.get(files) ?? new Map<string, Remembered>();
  remembered.set(files, known);
  const key = `${kind} ${path}`;
  const stamp = `${status.modifiedMs} ${status.sizeBytes}`;
  const before = known.get(key);
  known.delete(key);
  const file = before?.stamp === stamp ? before.file : look();
  known.set(key, { stamp, file });
  // Who was asked for least lately goes.
  for (const oldest of known.keys()) {
    if (known.size <= MOST_REMEMBERED) break;
    known.delete(oldest);
  }
  // One that could not be read is tried again.
  file.catch(() => known.delete(key));
  return file;
}

interface Beginning {
  readonly text: string;
  readonly isWhole: boolean;
}

/** The objects, one a line, or which line is none. */
function lookAtLines({ text, isWhole }: Beginning, mostEntries = PROBED_ENTRIES): DataFile {
  const lines = text.split('\n');
  if (!isWhole) lines.pop();
  const entries: Record<string, unknown>[] = [];
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const entry = parseObject(line);
    if (entry === undefined)
      return { malformed: { line: index + 1, problem: 'expected one JSON object per line' }, entries: [] };
    if (entries.length < mostEntries) entries.push(entry);
  }
  if (entries.length > 0 || !isWhole) return { entries };
  return { malformed: { line: 1, problem: 'the file has no entries' }, entries };
}

function lookAtConversations(beginning: Beginning): DataFile {
  const { text, isWhole } = beginning;
  const noConversation = { line: 1, problem: EXPECTED_CONVERSATION };
  if (!text.trimStart().startsWith('[')) {
    const { malformed, entries } = lookAtLines(beginning, Number.POSITIVE_INFINITY);
    if (malformed !== undefined) return { malformed, entries: [] };
    return entries.some(isConversation) ? { entries: [] } : { malformed: noConversation, entries: [] };
  }
  // A list cut off in the middle cannot be parsed; the run reads it as a stream.
  if (!isWhole) return { entries: [] };
  try {
    const entries: unknown = JSON.parse(text);
    return Array.isArray(entries) && entries.some(isConversation)
      ? { entries: [] }
      : { malformed: noConversation, entries: [] };
  } catch (thrown) {
    return { malformed: { line: lineOfJsonError(text, thrown), problem: 'it is not JSON' }, entries: [] };
  }
}

const EXPECTED_CONVERSATION =
  'expected conversations such as `{ "conversations": [{ "from": "human", "value": "…" }] }`';

function isConversation(entry: unknown): boolean {
  if (typeof entry !== 'object' || entry === null) return false;
  return ['conversations', 'conversation', 'messages'].some((key) =>
    Array.isArray((entry as Record<string, unknown>)[key]),
  );
}

function lineOfJsonError(text: string, thrown: unknown): number {
  const message = thrown instanceof Error ? thrown.message : '';
  const line = /line (\d+)/.exec(message)?.[1];
  const position = /position (\d+)/.exec(message)?.[1];
  if (line !== undefined) return Number(line);
  return text.slice(0, position === undefined ? text.length : Number(position)).split('\n').length;
}

function parseObject(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
