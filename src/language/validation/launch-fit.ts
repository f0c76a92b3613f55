/** Does the command that starts a server start the one the requests are meant for? Told from options that engines have in common. */
import type { BackendPlan } from '../../contract/plan.ts';
import { isLocalHost } from '../values/url.ts';

/** What does not fit, as half a sentence. Said only of options that are recognised beyond doubt. */
export function launchProblem({ launch, url, model, gpus }: BackendPlan): string | undefined {
  if (launch === undefined) return undefined;
  const words = launch.command.split(/\s+/);
  return portProblem(words, url) ?? modelProblem(words, model) ?? gpuProblem(words, gpus);
}

function portProblem(words: readonly string[], url: string | undefined): string | undefined {
  const address = url === undefined ? null : URL.parse(url);
  const port = optionOf(words, '--port');
  if (address === null || port === undefined || !/^\d+$/.test(port) || !isLocalHost(address.hostname)) return undefined;
  const asked = address.port === '' ? (address.protocol === 'https:' ? '443' : '80') : address.port;
  return port === asked ? undefined : `the command listens on port ${port}, the address says ${asked}`;
}

/** Servers that hold one model, and answer 404 for any other name. */
function modelProblem(words: readonly string[], model: string | undefined): string | undefined {
  const serve = words.findIndex((word, index) => word === 'serve' && /(^|[\\/])vllm$/.test(words[index - 1] ?? ''));
  const positional = serve >= 0 ? words[serve + 1] : undefined;
  const isVllm =
    serve >= 0 || words.some((word) => /^(vllm|sglang)\./.test(word) || word === 'sglang_router.launch_server');
  const served = servedNames(words);
  const path =
    positional?.startsWith('-') === false
      ? positional
      : isVllm
        ? optionOf(words, '--model', '--model-path')
        : undefined;
  const names = served.length > 0 ? served : path === undefined ? [] : [path];
  if (model === undefined || names.length === 0 || names.includes(model)) return undefined;
  return `the command serves \`${names.join('`, `')}\`, requests ask for \`${model}\``;
}

function servedNames(words: readonly string[]): readonly string[] {
  const start = words.findIndex((word) => word.startsWith('--served-model-name'));
  if (start < 0) return [];
  const inline = /=(.+)$/.exec(words[start] ?? '')?.[1];
  const rest = words.slice(start + 1);
  const end = rest.findIndex((word) => word.startsWith('-'));
  return [...(inline === undefined ? [] : [inline]), ...(end < 0 ? rest : rest.slice(0, end))];
}

function gpuProblem(words: readonly string[], gpus: number | undefined): string | undefined {
  const sizes = [
    optionOf(words, '--tensor-parallel-size', '-tp', '--tp-size', '--tp'),
    optionOf(words, '--pipeline-parallel-size', '-pp', '--pp-size'),
    optionOf(words, '--data-parallel-size', '-dp', '--dp-size'),
  ];
  if (gpus === undefined || sizes.every((size) => size === undefined)) return undefined;
  if (sizes.some((size) => size !== undefined && !/^\d+$/.test(size))) return undefined;
  const used = sizes.reduce((product, size) => product * Number(size ?? 1), 1);
  return used === gpus ? undefined : `the command spreads the model over ${used} GPUs, \`gpus\` says ${gpus}`;
}

/** The value of the first of these options: `--port 8000`, `--port=8000`. */
function optionOf(words: readonly string[], ...names: readonly string[]): string | undefined {
  for (const [index, word] of words.entries())
    for (const name of names) {
      if (word === name) return words[index + 1];
      if (word.startsWith(`${name}=`)) return word.slice(name.length + 1);
    }
  return undefined;
}
