import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { foldRecord, type RecordSource } from '../../../../src/runner/measure/fold-record.ts';
import { CALM, fileTexts, sourceOf, STARTED } from './example-record.ts';
import { failedRecord, okRecord, planOf, stageOf, statisticSla } from './example-run.ts';

const GROWING = ['events.jsonl', 'requests.jsonl', 'monitors.jsonl'] as const;
type Growing = (typeof GROWING)[number];
type Cuts = Readonly<Record<Growing, number>>;

/** What a run of a minute leaves that is killed within it; with characters of several bytes in its last lines. */
const plan = planOf({
  load: { stages: [stageOf({ until: { kind: 'time', durationMs: 60_000 } })], overload: 'queue', drainMs: 1_000 },
  slas: [statisticSla('ttft', 'p50', 500)],
});
const files = fileTexts({
  plan,
  records: [
    ...Array.from({ length: 8 }, (_, id) => okRecord(id, id * 500)),
    failedRecord(8, 4_000, { detail: 'zu viele Anfragen — später “noch einmal” 🤖' }),
    okRecord(9, 4_100, { itlMs: [1.5, 0.25] }),
  ],
  monitors: [1_000, 2_000, 3_000].map((atMs) => ({
    monitor: 'system',
    device: 'größe',
    atMs,
    values: { cpu: atMs / 10_000 },
  })),
  events: [
    STARTED,
    { type: 'stage.started', atMs: 0, stage: 'steady', index: 0 },
    ...[1_000, 2_000, 3_000].map((atMs) => ({ type: 'generator', atMs, sample: CALM }) as const),
    { type: 'alert', atMs: 3_100, monitor: 'system', text: 'CPU über 90 %', value: 0.95 },
  ],
});
const bytes = Object.fromEntries(GROWING.map((name) => [name, new TextEncoder().encode(files[name])])) as Readonly<
  Record<Growing, Uint8Array>
>;

function cutAt(cuts: Cuts): RecordSource {
  const whole = sourceOf(files);
  return {
    ...whole,
    async *readChunks(name) {
      yield bytes[name as Growing].subarray(0, cuts[name as Growing]);
    },
  };
}

/** Where the whole lines end of which the first so many bytes are there; a line is whole without its line feed, too. */
function wholeLines(name: Growing, cut: number): number {
  const next = bytes[name].indexOf(0x0a, cut);
  if (cut === 0) return 0;
  return next === cut ? cut + 1 : bytes[name].lastIndexOf(0x0a, cut - 1) + 1;
}

const known = new Map<string, Promise<string>>();
const reportOf = async (cuts: Cuts): Promise<string> => JSON.stringify((await foldRecord(cutAt(cuts))).report);
/** The report of the whole lines alone, each made once. */
function expectedReport(cuts: Cuts): Promise<string> {
  const ends = Object.fromEntries(GROWING.map((name) => [name, wholeLines(name, cuts[name])])) as Cuts;
  const key = JSON.stringify(ends);
  let report = known.get(key);
  if (report === undefined) known.set(key, (report = reportOf(ends)));
  return report;
}

/** The beginning of the last so many lines. */
function lastLines(name: Growing, count: number): number {
  let at = bytes[name].length;
  for (let line = 0; line <= count; line++) at = bytes[name].lastIndexOf(0x0a, at - 1);
  return at + 1;
}

const FIRST: Cuts = {
  'events.jsonl': lastLines('events.jsonl', 2),
  'requests.jsonl': lastLines('requests.jsonl', 2),
  'monitors.jsonl': lastLines('monitors.jsonl', 2),
};
const END: Cuts = {
  'events.jsonl': bytes['events.jsonl'].length,
  'requests.jsonl': bytes['requests.jsonl'].length,
  'monitors.jsonl': bytes['monitors.jsonl'].length,
};

/** Cuts of one file that stand for all others: at the ends of lines, beside them and within them. */
function telling(name: Growing): readonly number[] {
  const cuts = new Set<number>();
  for (let start = FIRST[name]; start < END[name];) {
    const end = bytes[name].indexOf(0x0a, start);
    for (const at of [start, (start + end) >> 1, end - 1, end]) cuts.add(at);
    start = end + 1;
  }
  return [...cuts];
}

test('each file cut at every byte of its last lines makes the report of its whole lines, and says that it is torn', async () => {
  for (const name of GROWING)
    for (let cut = FIRST[name]; cut <= END[name]; cut++) {
      const cuts = { ...END, [name]: cut };
      const report = await reportOf(cuts);
      assert.ok(report === (await expectedReport(cuts)), `${name} cut at ${cut}`);
      assert.match(report, /"torn":true/);
      assert.doesNotMatch(report, /record-unreadable/, 'a torn last line is not one that cannot be read');
    }
});

test('so do all files cut at once, in every combination of ends, beginnings and middles of lines', async () => {
  for (const events of telling('events.jsonl'))
    for (const requests of telling('requests.jsonl'))
      for (const monitors of telling('monitors.jsonl')) {
        const cuts = { 'events.jsonl': events, 'requests.jsonl': requests, 'monitors.jsonl': monitors };
        assert.ok((await reportOf(cuts)) === (await expectedReport(cuts)), JSON.stringify(cuts));
      }
});

test('and wherever else they are cut, once the run had begun', async () => {
  const began = bytes['events.jsonl'].indexOf(0x0a);
  const cut = (name: Growing): fc.Arbitrary<number> =>
    fc.integer({ min: name === 'events.jsonl' ? began : 0, max: END[name] });
  await fc.assert(
    fc.asyncProperty(cut('events.jsonl'), cut('requests.jsonl'), cut('monitors.jsonl'), async (...at) => {
      const cuts = Object.fromEntries(GROWING.map((name, index) => [name, at[index]])) as unknown as Cuts;
      return (await reportOf(cuts)) === (await expectedReport(cuts));
    }),
    { numRuns: 100 },
  );
});

test('a last line that is torn although the run ended is counted', async () => {
  const whole = fileTexts({ plan, records: [okRecord(0, 0), okRecord(1, 100)] });
  const torn = { ...whole, 'requests.jsonl': whole['requests.jsonl']?.slice(0, -30) ?? '' };
  const { report } = await foldRecord(sourceOf(torn));
  assert.ok(report.validity.reasons.some(({ code }) => code === 'record-unreadable'));
});

test('a line that ends and cannot be read is counted, in a torn record too', async () => {
  const requests = files['requests.jsonl']?.replace('{"id":7,', '{"id":7;');
  const { report } = await foldRecord(sourceOf({ ...files, 'requests.jsonl': requests ?? '' }));
  assert.equal(report.requests.due, 9);
  assert.ok(report.validity.reasons.some(({ code }) => code === 'record-unreadable'));
});
