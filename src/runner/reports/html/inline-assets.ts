/** Makes a built script or style sheet fit to stand inside a page. */

/** No end of the element inside it, and no reference to a source map that is not there. */
export function inlineScript(script: string): string {
  return withoutSourceMap(script).replace(/<(?=\/script|!--)/gi, '<\\');
}

export function inlineStyle(style: string): string {
  return withoutSourceMap(style).replace(/<(?=\/style)/gi, '<\\');
}

function withoutSourceMap(text: string): string {
  return text.replace(/(?:\/\/|\/\*)# sourceMappingURL=[^\n]*\n?$/, '');
}
