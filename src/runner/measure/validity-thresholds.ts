/** Where doubt in a run begins: all thresholds of its verdict on itself, each with the sentence a reader gets. docs/metrics.md shows the same table. */

export interface Threshold {
  readonly suspect: number;
  /** Absent: this alone never makes a run invalid. */
  readonly invalid?: number;
  readonly why: string;
}

export const THRESHOLDS = {
  loopLagMs: {
    suspect: 20,
    invalid: 200,
    why: 'Stamps are taken when the event loop gets to a read: a loop that is late makes every latency longer by as much.',
  },
  scheduleLagMs: {
    suspect: 10,
    invalid: 200,
    why: 'Requests sent late are not the load that was declared; latencies from due then contain the generator.',
  },
  cpuRatio: {
    suspect: 0.9,
    invalid: 0.99,
    why: 'A worker thread without idle time is a queue of its own in front of the server.',
  },
  gcPauseMs: { suspect: 50, why: 'Nothing is stamped while memory is collected.' },
  rateShortRatio: {
    suspect: 0.02,
    invalid: 0.1,
    why: 'Requests that were due and not sent in their stage: less load than asked flatters the server.',
  },
  ksDistance: {
    suspect: 0.05,
    invalid: 0.2,
    why: 'Queues depend on how requests are spaced; chance is ruled out (p < 0.001).',
  },
  dispersionRatio: {
    suspect: 0.25,
    invalid: 0.75,
    why: 'Queues depend on how requests are spaced; chance is ruled out (p < 0.001).',
  },
  clockStepMs: {
    suspect: 100,
    why: 'The wall clock was set, or the machine slept: latencies use the monotonic clock, but the timeline does not fit others.',
  },
  generatorFailures: {
    suspect: 0,
    invalid: 0,
    why: 'What failed here (no file descriptor, no port, a mistake of Benchwright) was never put to the server: from the first one on the load is not the declared one.',
  },
  fewestSuccesses: { suspect: 30, why: 'So few answers say little about a distribution.' },
  connectingShareRatio: {
    suspect: 0.2,
    why: 'Connections opened in a burst as the window began own its first latencies; they should be open before it.',
  },
  serverLateMs: { suspect: 5, why: 'The simulator itself wrote tokens later than its model said.' },
  cacheHitRatio: {
    suspect: 0.05,
    why: 'The scenario asks for fresh prompts: latencies of prompts the server knows already flatter it. Was the same run repeated without `fresh-prefix`, or are the prompts alike from their first words on?',
  },
  censoredRatio: {
    suspect: 0.01,
    why: 'Requests cut while running are missing among the slowest: percentiles above them are lower bounds.',
  },
  beyondAskedRatio: {
    suspect: 0.01,
    why: 'Either the server does not keep to the limit it is sent, or its usage figures are wrong: throughput and tpot are then no better than they.',
  },
  uncountedRatio: { suspect: 0.01, why: 'Answers without a token count are missing from throughput and tpot.' },
} as const satisfies Record<string, Threshold>;
