/** Fixes of values: units, quotes, ranges, secrets, files. */
import { nearest } from '../../../contract/nearest.ts';
import { unitsOf, type Dimension } from '../../../contract/units.ts';
import { isBackend, isFrom, isMapEntry, isProperty, isRange, type Declaration } from '../../ast.ts';
import { DIMENSION_NAMES } from '../../values/value.ts';
import { spanOf } from './edit-blocks.ts';
import { fix, type Fix, type Problem } from './problem.ts';

const MOST_UNITS = 5;

/** The likeliest unit first, then the others that fit. */
export function addUnit(problem: Problem): Fix[] {
  const likely = problem.fact('unit');
  const others = problem
    .fact('units')
    .split(', ')
    .filter((each) => each !== '' && each !== likely);
  const number = /^[\d_.eE+-]+$/.test(problem.written) ? problem.written : undefined;
  return [likely, ...others].slice(0, MOST_UNITS).flatMap((unit, index) => {
    const newText = `${number ?? problem.written} ${unit}`;
    return fix(`Write \`${newText}\``, [problem.replace(newText)], index === 0);
  });
}

export function removeUnit(problem: Problem): Fix[] {
  const unit = problem.fact('unit');
  const owner = problem.text.text.slice(problem.start);
  const at = new RegExp(`[)\\]]([ \\t]*${escapeRegExp(unit)})`).exec(owner);
  if (at === null) return [];
  const start = problem.start + at.index + 1;
  return fix(`Remove \`${unit}\``, [problem.text.replace(start, start + (at[1]?.length ?? 0), '')]);
}

/** A bare word where a text was expected. */
export function quoteWord(problem: Problem): Fix[] {
  if (!/in quotes/.test(problem.fact('expected')) || !/^[\w./:-]+$/.test(problem.written)) return [];
  return fix(`Put it in quotes: "${problem.written}"`, [problem.replace(`"${problem.written}"`)]);
}

/** A quantity of another kind: the number with a unit of the kind that is wanted. */
export function changeUnit(problem: Problem): Fix[] {
  const number = /^[\d_.]+(?=[ \t]*[A-Za-z%µ°])/.exec(problem.written)?.[0];
  const dimension = (Object.keys(DIMENSION_NAMES) as Dimension[]).find(
    (each) => DIMENSION_NAMES[each] === problem.fact('expected'),
  );
  if (number === undefined || dimension === undefined) return [];
  return unitsOf(dimension)
    .slice(0, MOST_UNITS)
    .flatMap(({ symbol }) => fix(`Write \`${number} ${symbol}\``, [problem.replace(`${number} ${symbol}`)], false));
}

/** What others call these distributions. */
const FUNCTION_SYNONYMS: Readonly<Record<string, string>> = {
  gauss: 'normal',
  gaussian: 'normal',
  exp: 'exponential',
  poisson: 'exponential',
  range: 'uniform',
  env: 'secret',
};

export function knownFunction(problem: Problem): Fix[] {
  const meant = FUNCTION_SYNONYMS[problem.fact('name').toLowerCase()];
  return meant === undefined || problem.fact('suggestion') !== ''
    ? []
    : fix(`Change to \`${meant}\``, [problem.replace(meant)]);
}

/** Each of a few words that may stand here. */
export function chooseWord(problem: Problem): Fix[] {
  if (problem.fact('suggestion') !== '') return [];
  const words = [...problem.fact('choices').matchAll(/`([^`]+)`/g)].flatMap((match) => match[1] ?? []);
  if (words.length > MOST_UNITS) return [];
  return words.flatMap((word) => fix(`Change to \`${word}\``, [problem.replace(word)], words.length === 1));
}

export function swapRange(problem: Problem): Fix[] {
  const range = problem.closest(isRange);
  const from = spanOf(range?.from);
  const to = spanOf(range?.to);
  if (from === undefined || to === undefined) return [];
  const { text } = problem.text;
  const [low, high] = [text.slice(to.start, to.end), text.slice(from.start, from.end)];
  return fix(`Write \`${low} .. ${high}\``, [problem.text.replace(from.start, to.end, `${low} .. ${high}`)]);
}

/** `at least 1`, `from 0 to 1`: the nearest value that is allowed. */
export function intoBounds(problem: Problem): Fix[] {
  const bounds = [...problem.fact('bound').matchAll(/-?\d[\d.]*(?:\s?[A-Za-z%/°]+)?/g)].map(([bound]) => bound.trim());
  const value = Number.parseFloat(problem.written);
  const [low, high] = bounds;
  if (low === undefined || Number.isNaN(value)) return [];
  const number = Number.parseFloat(low);
  const bound = high === undefined || value < number ? low : high;
  return fix(`Change to \`${bound}\``, [problem.replace(bound)], false);
}

/** The scheme is what people leave out. */
export function completeUrl(problem: Problem): Fix[] {
  const url = problem.fact('url');
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(url) || !/^[\w.[\]-]+(:\d+)?(\/.*)?$/.test(url)) return [];
  const isHere = /^(localhost|127\.|0\.0\.0\.0|\[::1\])/.test(url) || /^[^/]+:\d+/.test(url);
  const [first, second] = isHere ? ['http', 'https'] : ['https', 'http'];
  return [first, second].flatMap((scheme, index) =>
    fix(`Change to "${scheme}://${url}"`, [problem.replace(`"${scheme}://${url}"`)], index === 0),
  );
}

export function useHttps(problem: Problem): Fix[] {
  const at = problem.text.text.indexOf('"http://', problem.start);
  if (at < 0 || at > problem.end) return [];
  return fix('Change to https', [problem.text.replace(at + 1, at + 5, 'https')]);
}

/** `key "sk-…"` → `key secret("LAB_API_KEY")`. Only where a secret can stand. */
export function moveToSecret(problem: Problem): Fix[] {
  const entry = problem.closest(isMapEntry);
  const property = problem.closest(isProperty);
  const label = entry?.key ?? property?.name;
  if (label === undefined || (entry === undefined && label !== 'key')) return [];
  const name = secretName(problem.declaration, label);
  const isHeaderWithScheme = entry !== undefined && /^"?(Bearer|Basic) /i.test(problem.written);
  const scheme = isHeaderWithScheme ? ', its value with the word before the key' : '';
  return fix(
    `Refer to secret("${name}") instead; then give it a value with "Set Secret" or in the environment${scheme}`,
    [problem.replace(`secret("${name}")`)],
  );
}

/** `LAB_API_KEY` for the key of the backend `lab`, `LAB_AUTHORIZATION` for that header. */
function secretName(declaration: Declaration | undefined, label: string): string {
  const owner = isBackend(declaration) ? declaration.name : 'BACKEND';
  const what = label === 'key' ? 'API_KEY' : label;
  return `${owner}_${what}`
    .replaceAll(/[^A-Za-z0-9]+/g, '_')
    .toUpperCase()
    .replace(/^(\d)/, '_$1');
}

/** A file of nearly that name in the folder where it was looked for. */
export async function nearestFile(problem: Problem): Promise<Fix[]> {
  const path = problem.fact('path');
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const name = path.slice(folder.length);
  const meant = nearest(name, await problem.around.filesIn(folder === '' ? './' : folder));
  const at = meant === undefined ? -1 : problem.text.text.indexOf(`"${path}"`, problem.start);
  if (meant === undefined || at < 0 || at > problem.end) return [];
  return fix(`Change to "${folder}${meant}"`, [problem.text.replace(at, at + path.length + 2, `"${folder}${meant}"`)]);
}

/** The fields the entries do have. */
export function chooseField(problem: Problem): Fix[] {
  const fields = [...problem.fact('fields').matchAll(/`([^`]+)`/g)].flatMap((match) => match[1] ?? []);
  const isPath = problem.written.startsWith('"$');
  return fields.slice(0, MOST_UNITS).flatMap((field, index) => {
    const newText = isPath ? `"$.${field}"` : `"${field}"`;
    return fix(`Change to ${newText}`, [problem.replace(newText)], index === 0 && fields.length === 1);
  });
}

/** Wildcards name many places: the first of them is one. */
export function onePlace(problem: Problem): Fix[] {
  const path = problem.fact('path');
  const single = path.replaceAll('[*]', '[0]').replaceAll('.*', '[0]');
  const rooted = single.startsWith('$') ? single : `$${single.startsWith('[') ? '' : '.'}${single.replace(/^\./, '')}`;
  return rooted === path ? [] : fix(`Change to "${rooted}"`, [problem.replace(`"${rooted}"`)]);
}

export function addSourceText(problem: Problem): Fix[] {
  const from = problem.closest(isFrom);
  if (from === undefined) return [];
  const source = problem.fact('source');
  const example = /file/.test(problem.fact('what')) ? `./${source}.json${source === 'jsonl' ? 'l' : ''}` : '…';
  return fix(`Add "${example}"`, [problem.text.insert(problem.end, ` "${example}"`)]);
}

/** Weights that add up to 100 %, in the proportions written. */
export function scaleShares(problem: Problem): Fix[] {
  const block = /\{([^{}]*)\}/.exec(problem.text.text.slice(problem.start));
  if (block === null) return [];
  const start = problem.start + block.index + 1;
  const shares = [...(block[1] ?? '').matchAll(/(\d[\d_.]*)\s*%/g)];
  const total = shares.reduce((sum, match) => sum + Number(match[1]), 0);
  if (shares.length === 0 || !(total > 0)) return [];
  const scaled = shares.map((match) => Math.round((Number(match[1]) / total) * 1000) / 10);
  const rest = 100 - scaled.slice(0, -1).reduce((sum, each) => sum + each, 0);
  const edits = shares.map((match, index) => {
    const value = index === shares.length - 1 ? Math.round(rest * 10) / 10 : scaled[index];
    return problem.text.replace(start + match.index, start + match.index + match[0].length, `${value ?? 0} %`);
  });
  return fix('Scale the shares to 100 %', edits);
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
