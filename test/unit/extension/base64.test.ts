import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toBase64 } from '../../../src/extension/base64.ts';

for (const sizeBytes of [0, 1, 29_999, 30_000, 30_001, 100_000])
  test(`${sizeBytes} bytes of all values are what Node makes of them`, () => {
    const bytes = Uint8Array.from({ length: sizeBytes }, (_, index) => (index * 31) % 256);
    assert.equal(toBase64(bytes), Buffer.from(bytes).toString('base64'));
  });
