/** What every report format has in common, whichever it is. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { REPORTS } from '../../../../src/contract/catalog/reports.ts';
import { RECORD_FORMATS, REPORT_FORMATS } from '../../../../src/runner/reports/registry.ts';
import { STARTED } from '../measure/example-record.ts';
import { failedRecord, planOf } from '../measure/example-run.ts';
import { exampleRecord, hasControlCharacter, hostileRecord, inputOf } from './example-report.ts';

test('every format of the catalogue is there, and no other', () => {
  const known = [...Object.keys(REPORT_FORMATS), ...Object.keys(RECORD_FORMATS)];
  assert.deepEqual(known.sort(), REPORTS.map(({ id }) => id).sort());
});

for (const { id, file } of REPORTS.filter((each) => REPORT_FORMATS[each.id] !== undefined)) {
  test(`${id}: any run becomes ${file}, well-formed text with an end`, async () => {
    const render = await REPORT_FORMATS[id]?.();
    const examples = {
      good: exampleRecord(),
      hostile: hostileRecord(),
      'nothing sent': { plan: planOf(), records: [] },
      'nothing succeeded': { plan: planOf(), records: [failedRecord(1, 10)] },
      killed: { ...exampleRecord(), events: [STARTED] },
    };
    for (const [name, example] of Object.entries(examples)) {
      const files = render?.(await inputOf(example)) ?? [];
      assert.equal(files[0]?.name, file, name);
      for (const { text } of files) {
        assert.ok(text.endsWith('\n'), name);
        assert.ok(
          !/\bundefined\b|\bNaN\b|\[object Object\]/.test(text),
          `${name}: ${/.{40}(undefined|NaN|\[object)/.exec(text)?.[0]}`,
        );
        assert.ok(id === 'csv' || !hasControlCharacter(text), `${name}: no control characters`);
      }
    }
  });
}
