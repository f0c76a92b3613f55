import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ToDashboard } from '../../../src/contract/protocol/webview.ts';
import { fromKept, toKept, DEFAULT_CHOICES } from '../../../webview/persist.ts';
import { EMPTY_STATE, MAX_ALERTS, reduce, type DashboardState } from '../../../webview/store.ts';
import { storyEnd, storyOf, storySnapshots, storyStart } from '../../helpers/dashboard-story.ts';
import { makeSnapshot } from '../../helpers/make-snapshot.ts';

const after = (...messages: readonly ToDashboard[]): DashboardState => messages.reduce(reduce, EMPTY_STATE);

test('a run goes from starting over running and stopping to its end', () => {
  const story = storyOf(10);
  assert.equal(after(story[0] as ToDashboard).phase, 'starting');
  assert.equal(after(...story).phase, 'running');
  const stopping = after(...story, { type: 'stopping', message: 'Draining 12 requests' });
  assert.equal(stopping.phase, 'stopping');
  assert.equal(stopping.stopping, 'Draining 12 requests');
  const draining = reduce(stopping, { type: 'snapshot', snapshot: makeSnapshot({ sequence: 999, atMs: 11_000 }) });
  assert.equal(draining.phase, 'stopping');
  const ended = reduce(draining, storyEnd('failed'));
  assert.equal(ended.phase, 'ended');
  assert.equal(ended.ending?.outcome, 'failed');
});

test('a new run forgets the one before', () => {
  const state = after(...storyOf(5), storyEnd('passed'), { ...storyStart(), runId: 'next' } as ToDashboard);
  assert.equal(state.phase, 'starting');
  assert.equal(state.runId, 'next');
  assert.equal(state.history.whole.length, 0);
  assert.equal(state.ending, undefined);
  assert.equal(state.latest, undefined);
});

test('late snapshots change nothing: neither repeated ones nor those after the end', () => {
  const running = after(...storyOf(5));
  const repeated = reduce(running, { type: 'snapshot', snapshot: makeSnapshot({ sequence: 3, atMs: 750 }) });
  assert.equal(repeated, running);
  const ended = after(...storyOf(5), storyEnd('passed'));
  assert.equal(reduce(ended, { type: 'snapshot', snapshot: makeSnapshot({ sequence: 999, atMs: 9e6 }) }), ended);
});

test('a dashboard that was reloaded shows what it would have shown', () => {
  const live = after(...storyOf(100));
  const replayed = after(storyStart(), {
    type: 'history',
    snapshots: live.history.whole,
    recent: live.history.recent,
  });
  assert.deepEqual(replayed.history, live.history);
  assert.equal(replayed.phase, 'running');
  assert.deepEqual(
    replayed.marks.map((mark) => mark.name),
    live.marks.map((mark) => mark.name),
  );
  const [next] = storySnapshots(101).slice(-1);
  const goesOn = reduce(replayed, { type: 'snapshot', snapshot: next as never });
  assert.equal(goesOn.latest?.sequence, 404);
});

test('stages are marked when they are first seen', () => {
  const marks = after(...storyOf(70)).marks;
  assert.deepEqual(
    marks.map((mark) => [mark.name, mark.kind, mark.atMs]),
    [
      ['warmup', 'warmup', 0],
      ['steady', 'measured', 4000],
      ['ramp', 'measured', 64_000],
    ],
  );
});

test('alarms are kept, the newest twenty', () => {
  const alerts = Array.from({ length: 30 }, (_, index): ToDashboard => ({
    type: 'alert',
    text: `${index}`,
    atMs: index,
  }));
  const state = after(storyStart(), ...alerts);
  assert.equal(state.alerts.length, MAX_ALERTS);
  assert.equal(state.alerts.at(-1)?.text, '29');
});

test('a run that is lost says why and offers the report of its record', () => {
  const error = { code: 'RUN_INTERRUPTED', message: 'The runner was killed.', exitCode: 3 } as const;
  const state = after(...storyOf(5), { type: 'failed', error, canMakeReport: true });
  assert.equal(state.phase, 'lost');
  assert.equal(state.error?.message, 'The runner was killed.');
  assert.equal(state.canMakeReport, true);
});

test('messages of a newer host are ignored', () => {
  const state = after(...storyOf(2));
  assert.equal(reduce(state, { type: 'hologram' } as never), state);
});

test('what is kept for a reload is small and comes back', () => {
  const state = after(...storyOf(600));
  const kept = structuredClone(toKept(state, { span: 'recent', showTables: true }));
  assert.equal(kept.runId, 'story');
  assert.ok(JSON.stringify(kept).length < 400_000, `${JSON.stringify(kept).length} bytes`);
  const { dashboard, choices } = fromKept(kept);
  assert.equal(dashboard.header?.benchmark, 'quickstart');
  assert.deepEqual(choices, { span: 'recent', showTables: true });
  assert.equal(dashboard.history.whole.at(-1)?.atMs, 600_000);
});

test('foreign or older kept states are dropped', () => {
  for (const kept of [undefined, null, 7, {}, { version: 0, dashboard: {} }])
    assert.deepEqual(fromKept(kept), { dashboard: EMPTY_STATE, choices: DEFAULT_CHOICES });
});

test('a run that ended stays ended, whatever the host has forgotten since', () => {
  const ended = after(...storyOf(5), storyEnd('passed'));
  const error = { code: 'RUN_INTERRUPTED', message: 'unknown', exitCode: 3 } as const;
  assert.equal(reduce(ended, { type: 'failed', error }), ended);
  assert.equal(after({ type: 'failed', error }).phase, 'empty');
  const lost = after(...storyOf(5), { type: 'failed', error });
  assert.equal(reduce(lost, storyEnd('passed')).phase, 'ended');
});
