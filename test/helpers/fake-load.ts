/** A load without sockets: a client whose answers take as long as it is told, and alarms on a fake clock. */
import type { RequestRecord } from '../../src/contract/outcome.ts';
import type { Prompt, PromptSource } from '../../src/runner/datasets/dataset.ts';
import type { Alarm } from '../../src/runner/platform/alarm.ts';
import type { CancelTimer } from '../../src/runner/platform/clock.ts';
import type { ActiveRequest, RequestClient, RequestJob } from '../../src/runner/request/request-client.ts';
import type { FakeClock } from './fake-clock.ts';

export function createFakeAlarm(clock: FakeClock): Alarm {
  const pending = new Set<CancelTimer>();
  const at = (atMs: number, callback: () => void): CancelTimer => {
    const cancel = clock.after(atMs - clock.nowMs(), () => {
      pending.delete(cancel);
      callback();
    });
    pending.add(cancel);
    return cancel;
  };
  return {
    at,
    catchUp() {},
    soon: (callback) => void at(clock.nowMs(), callback),
    clear() {
      for (const cancel of pending) cancel();
      pending.clear();
    },
  };
}

/** With the prompt that its bytes are of. */
export type SentJob = RequestJob & { readonly prompt: Prompt };

export interface FakeClient extends Pick<RequestClient, 'prepare' | 'send'> {
  readonly sent: { readonly job: SentJob; readonly sentMs: number }[];
  /** Texts of the prompts. */
  readonly prepared: string[];
  readonly inFlight: number;
  readonly mostInFlight: number;
}

/** What an answer is like; `tookMs` Infinity: it never comes, and only a cut ends it. */
export type FakeAnswer = Partial<RequestRecord> & {
  readonly tookMs: number;
  readonly ignoresCut?: boolean;
  readonly says?: string;
};

export function createFakeClient(clock: FakeClock, answerTo: (job: RequestJob) => FakeAnswer): FakeClient {
  const sent: { job: SentJob; sentMs: number }[] = [];
  const prepared: string[] = [];
  let inFlight = 0;
  let mostInFlight = 0;
  return {
    sent,
    prepared,
    get inFlight() {
      return inFlight;
    },
    get mostInFlight() {
      return mostInFlight;
    },
    prepare: (prompt) => {
      prepared.push(prompt.text);
      return new TextEncoder().encode(JSON.stringify(prompt));
    },
    send(job, done): ActiveRequest {
      const sentMs = clock.nowMs();
      const { tookMs, ignoresCut, says, ...rest } = answerTo(job);
      const prompt = JSON.parse(new TextDecoder().decode(job.bytes)) as Prompt;
      sent.push({ job: { ...job, prompt }, sentMs });
      inFlight += 1;
      mostInFlight = Math.max(mostInFlight, inFlight);
      let isOver = false;
      const end = (outcome: RequestRecord['outcome']): void => {
        if (isOver) return;
        isOver = true;
        inFlight -= 1;
        const { id, stage, dueMs } = job;
        const { session, turn, turns } = job.prompt;
        const of = { ...(session && { session }), ...(turn && { turn }), ...(turns && { turns }) };
        done({ id, stage, backend: 'fake', dueMs, sentMs, endMs: clock.nowMs(), outcome, ...of, ...rest }, says, says);
      };
      if (Number.isFinite(tookMs)) clock.after(tookMs, () => end('ok'));
      return {
        id: job.id,
        stage: job.stage,
        sentMs,
        cut: (outcome) => {
          if (ignoresCut !== true) clock.after(0, () => end(outcome));
        },
      };
    },
  };
}

export function createFakePrompts(size?: number): PromptSource & { readonly asked: number[] } {
  const asked: number[] = [];
  return {
    asked,
    size,
    promptAt(index) {
      asked.push(index);
      const content = `prompt ${index}`;
      return { messages: [{ role: 'user', content }], text: content, outputTokens: 8 };
    },
  };
}
