import type { EnvironmentData } from '../../../contract/record.ts';

const BYTES_PER_MEBIBYTE = 2 ** 20;

/** `nvidia-smi --query-gpu=index,name,memory.total --format=csv,noheader,nounits`. Lines of another form (warnings) are passed over. */
export function parseGpuList(output: string): NonNullable<EnvironmentData['gpus']> {
  return output.split('\n').flatMap((line) => {
    const [, index, name = '', mebibytes = ''] = /^\s*(\d+), *(.+), *([^,]+?)\s*$/.exec(line) ?? [];
    if (index === undefined) return [];
    // A GPU that shares the machine's memory says `[N/A]`.
    const memoryBytes = Number(mebibytes) * BYTES_PER_MEBIBYTE;
    return [{ id: `gpu${index}`, name, ...(Number.isFinite(memoryBytes) ? { memoryBytes } : {}) }];
  });
}
