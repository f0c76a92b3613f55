/**
 * Two modules of undici, imported by their own path: its index brings fetch, WebSocket, caches and mocks along, which is
 * twice the size in every bundle, and twice the time to start a worker.
 */
declare module 'undici/lib/dispatcher/client.js' {
  import { Client } from 'undici';
  export default Client;
}

declare module 'undici/lib/core/errors.js' {
  import { errors } from 'undici';
  export default errors;
}
