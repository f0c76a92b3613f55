/**
 * The connections of one worker thread. One request at a time on each; the one used last is used next, so that the others
 * grow idle and are closed before the server does it. There is no cap: who wants fewer connections sends fewer requests.
 */
import type { Clock } from '../platform/clock.ts';
import { Connection, type ConnectionEvents, type ConnectPhase } from '../platform/http.ts';
import { findsServerByName, type HttpRoute } from '../platform/http-route.ts';

/** A name that leads to more than these is told as leading to many. */
const MOST_ADDRESSES = 64;

export interface ConnectionWaiter {
  onConnection(connection: Connection): void;
  onConnectFailed(error: NodeJS.ErrnoException, phase: ConnectPhase): void;
}

export class ConnectionPool implements ConnectionEvents {
  opened = 0;
  /** Where the server's name led to, and when first; empty where it has no name, or a proxy asks for it. */
  readonly addresses = new Map<string, number>();
  reused = 0;
  private readonly route: HttpRoute;
  private readonly clock: Clock;
  readonly onReadStamped: () => void;
  readonly onReadHandled: () => void;
  /** Newest last. */
  private readonly idle: Connection[] = [];
  private readonly ready = new Set<Connection>();
  private readonly opening = new Map<Connection, ConnectionWaiter>();
  private readonly isNamed: boolean;
  private isClosed = false;

  constructor(
    route: HttpRoute,
    clock: Clock,
    { onReadStamped, onReadHandled }: Pick<ConnectionEvents, 'onReadStamped' | 'onReadHandled'>,
  ) {
    this.route = route;
    this.isNamed = findsServerByName(route);
    this.clock = clock;
    this.onReadStamped = onReadStamped;
    this.onReadHandled = onReadHandled;
  }

  get open(): number {
    return this.ready.size;
  }

  /** A connection that waits for a request, if there is one fit for use. */
  takeIdle(): Connection | undefined {
    for (let connection = this.idle.pop(); connection !== undefined; connection = this.idle.pop()) {
      if (!connection.isOpen) continue;
      // What an idle connection has received, no request asked for.
      if (this.isStale(connection) || connection.hasWaitingReads) {
        connection.destroy();
        continue;
      }
      this.reused += 1;
      return connection;
    }
    return undefined;
  }

  /** Opens one more, for this waiter. Exactly one of its methods is called, later; neither once `destroy` was called on it. */
  openFor(waiter: ConnectionWaiter): Connection {
    const connection = new Connection(this.route, this.clock, this);
    this.opening.set(connection, waiter);
    return connection;
  }

  /** Takes back a connection whose request was answered in full. */
  release(connection: Connection): void {
    if (!connection.isOpen) return;
    if (this.isClosed || (connection.served > 0 && !connection.isReusable)) return connection.destroy();
    connection.idleSinceMs = this.clock.nowMs();
    this.idle.push(connection);
    // The one idle longest stands first.
    const [oldest] = this.idle;
    if (oldest !== undefined && this.isStale(oldest)) oldest.destroy();
  }

  close(): void {
    this.isClosed = true;
    for (const connection of this.opening.keys()) connection.destroy();
    for (const connection of this.ready) connection.destroy();
    this.idle.length = 0;
  }

  private noteAddress(address: string | undefined): void {
    if (address === undefined || this.addresses.has(address) || this.addresses.size >= MOST_ADDRESSES) return;
    this.addresses.set(address, this.clock.nowMs());
  }

  private isStale(connection: Connection): boolean {
    return this.clock.nowMs() - connection.idleSinceMs > connection.idleLimitMs;
  }

  onReady(connection: Connection): void {
    this.opened += 1;
    this.ready.add(connection);
    if (this.isNamed) this.noteAddress(connection.remoteAddress);
    const waiter = this.opening.get(connection);
    this.opening.delete(connection);
    if (this.isClosed) connection.destroy();
    waiter?.onConnection(connection);
  }

  onFailed(connection: Connection, error: NodeJS.ErrnoException, phase: ConnectPhase): void {
    const waiter = this.opening.get(connection);
    this.opening.delete(connection);
    waiter?.onConnectFailed(error, phase);
  }

  onClosed(connection: Connection): void {
    this.ready.delete(connection);
    // Those idle longest close first, and stand first.
    const at = this.idle.indexOf(connection);
    if (at >= 0) this.idle.splice(at, 1);
  }
}
