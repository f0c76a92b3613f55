/** The whole path against a real inference engine: example, command line, llama.cpp, report. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { startLlamaEngine, type LlamaEngine } from '../../.ci/llama-engine.ts';
import { projectRoot } from '../../.ci/project.ts';
import type { RequestRecord } from '../../src/contract/outcome.ts';
import { isSample, type ReportData, type SampleSummary, type StageReport } from '../../src/contract/report.ts';
import { runCli, type CliResult } from '../helpers/cli.ts';

const OUTPUT_LIMIT_TOKENS = 16;

describe('examples/llama-cpp.bench on llama.cpp', () => {
  let engine: LlamaEngine;
  let folder: string;
  let terminal: CliResult;
  let report: ReportData;
  let records: RequestRecord[];

  before(
    async () => {
      folder = mkdtempSync(path.join(tmpdir(), 'benchwright-engine-'));
      cpSync(path.join(projectRoot, 'examples'), folder, { recursive: true });
      engine = await startLlamaEngine();
      const output = path.join(folder, 'results');
      const args = ['run', 'llama-cpp.bench', '--set', `url=${engine.url}`, '--output', output, '--ui', 'plain'];
      // Not waited for in one piece: an engine whose output nobody reads stops as soon as the pipe is full.
      terminal = await runCli(args, { cwd: folder });
      console.log(terminal.out);
      const { directory } = JSON.parse(readFileSync(path.join(output, 'latest.json'), 'utf8')) as { directory: string };
      const read = (file: string): string => readFileSync(path.resolve(output, directory, file), 'utf8');
      report = JSON.parse(read('report.json')) as ReportData;
      records = read('requests.jsonl')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as RequestRecord);
    },
    { timeout: 180_000 },
  );
  after(async () => {
    await engine?.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  const sample = (metrics: StageReport['metrics'], key: string): SampleSummary => {
    const value = metrics[key];
    assert.ok(isSample(value), `${key} is measured`);
    return value;
  };

  test('it runs to its verdict; the exit code is the one in the report', () => {
    assert.equal(terminal.code, report.run.exitCode, terminal.error);
    assert.ok(['passed', 'failed', 'undecided'].includes(report.run.outcome), report.run.outcome);
    assert.equal(report.run.error, undefined);
  });

  test('both stages are measured, at one and at four users', () => {
    assert.deepEqual(
      report.stages.map(({ name, asked }) => [name, asked.users]),
      [
        ['alone', 1],
        ['together', 4],
      ],
    );
    for (const { name, requests, delivered, asked } of report.stages) {
      assert.ok(requests.succeeded >= 1, `${name}: ${JSON.stringify(requests)}`);
      assert.equal(requests.failed + requests.timedOut + requests.dropped, 0, `${name}: ${JSON.stringify(requests)}`);
      assert.ok(delivered.concurrencyPeak <= (asked.users ?? 0), `${name}: ${delivered.concurrencyPeak} in flight`);
    }
  });

  test('token counts are the server’s own', () => {
    const measured = records.filter((record) => record.outcome === 'ok');
    assert.ok(measured.length > 0);
    for (const record of measured) {
      assert.equal(record.tokenSource, 'usage');
      assert.ok((record.inputTokens ?? 0) > 0, JSON.stringify(record));
      const outputTokens = record.outputTokens ?? 0;
      assert.ok(outputTokens >= 1 && outputTokens <= OUTPUT_LIMIT_TOKENS, JSON.stringify(record));
    }
  });

  test('the figures hang together', () => {
    for (const { metrics, name } of report.stages) {
      const [ttft, itl, tpot, e2e] = ['ttft', 'itl', 'tpot', 'e2e'].map((key) => sample(metrics, key));
      for (const each of [ttft, itl, tpot, e2e]) {
        assert.equal(each!.unit, 'ms');
        assert.ok(each!.min >= 0 && each!.min <= each!.p50 && each!.p50 <= each!.p99 && each!.p99 <= each!.max, name);
      }
      assert.ok(ttft!.min > 0.1, `${name}: a prompt takes time to read, ${ttft!.min} ms`);
      assert.ok(e2e!.mean > ttft!.mean, `${name}: an answer takes longer than its first token`);
      // Gaps and per-token time measure the same generation: their means agree unless many tokens come in one read.
      const ratio = itl!.mean / tpot!.mean;
      assert.ok(ratio > 0.7 && ratio < 1.5, `${name}: itl ${itl!.mean} ms, tpot ${tpot!.mean} ms`);
    }
  });

  test('every limit has a measured value, and the host was watched', () => {
    assert.equal(report.sla.length, 3);
    for (const { text, verdict, actual } of report.sla) {
      assert.notEqual(verdict, 'unmeasured', text);
      assert.equal(typeof actual, 'number', text);
    }
    assert.ok((report.monitors['host']?.length ?? 0) > 0);
  });

  test('the run has judged itself and knows what it ran against', () => {
    assert.ok(['valid', 'suspect', 'invalid'].includes(report.validity.verdict));
    assert.equal(report.environment.engine?.server, 'llama.cpp');
  });
});
