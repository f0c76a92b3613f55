/**
 * Names are asked for by the system's own resolver whenever a connection is opened, as clients of a service do, and nothing is kept: a
 * name that leads elsewhere is followed by the connections opened from then on (docs/adr/0067-a-name-is-asked-for-with-every-connection.md).
 */
import { lookup as lookupBySystem } from 'node:dns';
import { closeSync, openSync } from 'node:fs';
import type { LookupFunction } from 'node:net';

/** As sockets call it. */
export type NameLookup = LookupFunction;

type Done = Parameters<NameLookup>[2];

/**
 * Connections that are opened while the same question is under way share its answer: the system answers few questions at a time, and
 * what waits in line for it would look like a slow server.
 */
export function createNameLookup(ask: NameLookup = lookupBySystem, hasDescriptor = hasFreeDescriptor): NameLookup {
  const waiting = new Map<string, Done[]>();
  return (hostname, options, done) => {
    const question = `${hostname} ${options.family ?? 0} ${options.hints ?? 0} ${options.all ?? false}`;
    const others = waiting.get(question);
    if (others !== undefined) {
      others.push(done);
      return;
    }
    const all = [done];
    waiting.set(question, all);
    ask(hostname, options, (error, ...answer) => {
      waiting.delete(question);
      // Without a descriptor the resolver can read nothing and ask nobody, and says that there is no such name.
      const known = error === null || hasDescriptor() ? error : outOfDescriptors(error);
      for (const each of all) each(known, ...answer);
    });
  };
}

function outOfDescriptors(cause: NodeJS.ErrnoException): NodeJS.ErrnoException {
  const { hostname = 'the host name' } = cause as { readonly hostname?: string };
  return Object.assign(new Error(`${hostname} could not be looked up`, { cause }), {
    code: 'EMFILE',
    syscall: 'getaddrinfo',
  });
}

/** Whether this process may open one more file. */
function hasFreeDescriptor(): boolean {
  try {
    closeSync(openSync(process.execPath, 'r'));
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code !== 'EMFILE' && code !== 'ENFILE';
  }
}
