/** Notices when a check of one declaration looks through all of a file: what it found then holds only until anything in that file changes. */
import type { BenchFile } from '../ast.ts';

let isListening = false;
let isRead = false;
const watched = new WeakSet<BenchFile>();

/** From now on, reading the file's lists is noticed. */
export function watchReads(file: BenchFile): void {
  if (watched.has(file)) return;
  watched.add(file);
  for (const property of ['imports', 'declarations'] as const) {
    const list = file[property];
    const get = (): typeof list => {
      if (isListening) isRead = true;
      return list;
    };
    Object.defineProperty(file, property, { get, enumerable: true, configurable: true });
  }
}

/** The same thing, of which every use is noticed. */
export function noticed<Thing extends object>(thing: Thing): Thing {
  return new Proxy(thing, {
    get(target, property) {
      if (isListening) isRead = true;
      const value: unknown = Reflect.get(target, property);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

/** Was anything beyond the declaration and what it refers to looked at meanwhile? */
export function isReadingWidely(run: () => void): boolean {
  isListening = true;
  isRead = false;
  try {
    run();
    return isRead;
  } finally {
    isListening = false;
  }
}

/** For what is compared by itself before a verdict is used again. */
export function unnoticed<Result>(run: () => Result): Result {
  const before = isListening;
  isListening = false;
  try {
    return run();
  } finally {
    isListening = before;
  }
}
