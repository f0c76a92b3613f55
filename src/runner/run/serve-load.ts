/** One load of a worker: puts the pieces of its thread together and hands what happened to the main thread a few times a second. */
import { loadBackend } from '../backends/registry.ts';
import { openDataset } from '../datasets/registry.ts';
import { createBatchBuilder, transferablesOf } from '../measure/batch-builder.ts';
import { createAlarm } from '../platform/alarm.ts';
import { openMetronomeLine } from '../platform/metronome-line.ts';
import { createClock, type Clock } from '../platform/clock.ts';
import { createThreadHealth } from '../platform/thread-health.ts';
import type { ParentPort } from '../platform/worker-thread.ts';
import { createRequestClient } from '../request/request-client.ts';
import { createLagMeter } from './lag-meter.ts';
import { createLoadLoop } from './load-loop.ts';
import { connectionsOf, phasesOf } from './phases.ts';
import { SharedBudget } from './shared-budget.ts';
import { SharedLoad } from './shared-load.ts';
import { createTokenCount } from './token-count.ts';
import { describeUnfinished } from './unfinished.ts';
import type { FromLoadWorker, LoadWorkerSetup, ToLoadWorker } from './worker-messages.ts';

const BATCH_EVERY_MS = 250;
const HEALTH_EVERY_MS = 1_000;
/** New connections over all workers: a burst would overflow a server's backlog, or measure its accepting. */
const CONNECTIONS_PER_SECOND = 250;
/** A batch is handed over early when it holds so many requests: whoever takes in more at once holds up the worker, where they share a core. */
const MOST_PER_BATCH = 100;
/** How long counts of the last texts are waited for at the end. */
const COUNT_GRACE_MS = 30_000;

/** Returns when it is ready; the thread can take the next load when it has told that it has finished. */
export async function serveLoad(parent: ParentPort, setup: LoadWorkerSetup): Promise<void> {
  const { plan, secrets, worker, workers, datasetData, datasetSeed, nonce } = setup;
  const tell = (message: FromLoadWorker, transfer?: readonly ArrayBuffer[]): void => parent.post(message, transfer);
  const backend = await loadBackend(plan.backend, secrets);
  const prompts = await openDataset(plan.dataset, datasetData, { seed: datasetSeed, nonce });
  const batch = createBatchBuilder(plan);
  const lag = createLagMeter();
  const health = createThreadHealth();
  const countsTokens = plan.backend.tokenizer.kind === 'file' || plan.backend.tokenizer.kind === 'tiktoken';
  /** Conversations go on from what was answered. */
  const keepText = countsTokens || prompts.sessions !== undefined;

  const handOver = (): void => {
    const taken = batch.take();
    tell({ type: 'batch', batch: taken }, transferablesOf(taken));
  };
  const tokens = createTokenCount((record) => {
    batch.add(record);
    if (batch.size >= MOST_PER_BATCH) handOver();
  });
  const askForCounts = (): void => {
    const texts = tokens.takeTexts();
    if (texts.length > 0) tell({ type: 'count', texts });
  };

  let orders = (order: ToLoadWorker): void => {
    if (order.type !== 'begin') return;
    void begin(createClock(order.originNs));
  };
  const begin = async (clock: Clock): Promise<void> => {
    const alarm = createAlarm(clock, openMetronomeLine(setup.metronome, worker));
    const client = createRequestClient({
      backend,
      plan: plan.backend,
      clock,
      secrets,
      keepText,
      afterRead: alarm.catchUp,
      onBug: (error) => tell({ type: 'log', level: 'error', message: describe(error) }),
    });
    const halted = new AbortController();
    const connections = connectionsOf(plan);
    const openConnections = (count: number): Promise<void> =>
      client.openConnections(Math.ceil(count / workers), CONNECTIONS_PER_SECOND / workers, halted.signal);
    const loop = createLoadLoop({
      plan,
      worker,
      workers,
      clock,
      alarm,
      shared: new SharedLoad(phasesOf(plan.load).length, plan.load.inFlightLimit, setup.sharedLoad),
      ...(setup.budget === undefined ? {} : { budget: new SharedBudget(plan, setup.budget) }),
      prompts,
      client,
      openConnections: (phase) => void openConnections(connections[phase] as number),
      batch,
      recordLag: lag.record,
      complete: (record, text) => tokens.add(record, countsTokens ? text : undefined),
      onUnfinished: (what, requests) => {
        const named = describeUnfinished(requests, clock.nowMs());
        const message =
          what === 'cut'
            ? `The drain is over, and ${requests.length} requests are cut: ${named}.`
            : `${requests.length} requests did not end after they were cut: ${named}.`;
        tell({ type: 'log', level: 'warning', message });
      },
    });
    let toldAddresses = 0;
    const sampleHealth = (): void => {
      const addresses = Array.from(client.addresses, ([address, atMs]) => ({ address, atMs })).slice(toldAddresses);
      toldAddresses += addresses.length;
      const sample = { ...health.sample(), ...lag.sample(), sockets: client.connections.open };
      tell({ type: 'health', sample, ...(addresses.length === 0 ? {} : { addresses }) });
    };
    orders = (order) => {
      if (order.type === 'counted') tokens.counted(order.tokens);
      if (order.type === 'rate-changed') loop.rateChanged();
      if (order.type === 'stop' || order.type === 'abort') halted.abort();
      if (order.type === 'stop') loop.stop();
      if (order.type === 'abort') loop.abort();
    };
    const running = loop.run();
    const stopSigns = clock.every(HEALTH_EVERY_MS, () => tell({ type: 'alive' }));
    // A warm-up may be over before its first answer: the connections of the first stage are opened with its own.
    await openConnections(Math.max(...connections.slice(0, plan.load.warmup === undefined ? 1 : 2)));
    stopSigns();
    tell({ type: 'connected' });
    const timers = [
      clock.every(BATCH_EVERY_MS, () => {
        loop.chargeStreaming();
        askForCounts();
        handOver();
      }),
      clock.every(HEALTH_EVERY_MS, sampleHealth),
    ];
    await running;
    halted.abort();
    askForCounts();
    await waitFor(clock, () => tokens.waiting === 0, COUNT_GRACE_MS);
    tokens.giveUp();
    timers.forEach((cancel) => cancel());
    handOver();
    sampleHealth();
    health.dispose();
    await client.close();
    stopListening();
    tell({ type: 'finished' });
  };
  const stopListening = parent.onMessage((message) => orders(message as ToLoadWorker));
  tell({ type: 'ready' });
}

async function waitFor(clock: Clock, isTrue: () => boolean, longestMs: number): Promise<void> {
  const deadlineMs = clock.nowMs() + longestMs;
  while (!isTrue() && clock.nowMs() < deadlineMs) await clock.sleepUntil(clock.nowMs() + 20);
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
