/**
 * Text from outside (a server's error, a file's line, a dataset's name) made harmless for a terminal: what could move the
 * cursor, change colours, retitle the window or reorder the line is shown as a visible sign instead.
 */

/** C0 controls have pictures of their own in Unicode. */
const CONTROL_PICTURES = 0x2400;
const DELETE_PICTURE = '\u2421';
const REPLACEMENT = '\ufffd';

/** C0, DEL, C1, bidirectional controls, invisible separators (the two joiners that scripts need are none), lone surrogates. */
const UNSAFE =
  // oxlint-disable-next-line no-control-regex -- finding control characters is what this file is for
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** One line of text with nothing in it that a terminal would obey. Tabs become one space. */
export function visibleText(text: string): string {
  return text.replace(UNSAFE, (character) => {
    if (character === '\t') return ' ';
    const code = character.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(CONTROL_PICTURES + code);
    return code === 0x7f ? DELETE_PICTURE : REPLACEMENT;
  });
}

/** Plain data with every string, keys included, made visible: one call at the edge instead of one per cell. */
export function visibleData<T>(data: T): T {
  return visible(data) as T;
}

function visible(data: unknown): unknown {
  if (typeof data === 'string') return visibleText(data);
  if (Array.isArray(data)) return data.map(visible);
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [visibleText(key), visible(value)]));
}
