/**
 * What V8 believes of new objects. Where most of those made at one place in the code live through a collection, it makes the next ones of that
 * place old from the beginning. Of a load this is true for what a request needs while it is in flight, and wrong all the same: each is
 * garbage a moment later, and old garbage is not collected for seconds. Until then it keeps alive whatever it points to, that is the whole
 * request, which becomes old too: every collection copies all of them, and the thread that stamps waits for it (docs/performance.md).
 */
import { setFlagsFromString } from 'node:v8';

/** For all threads of the process; to be called before there is code to be compiled for good. */
export function keepNewObjectsYoung(): void {
  setFlagsFromString('--no-allocation-site-pretenuring');
}
