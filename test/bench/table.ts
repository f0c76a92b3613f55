/** Prints a table as Markdown, so that it can be pasted. */
export function printTable(
  title: string,
  columns: readonly string[],
): (...cells: readonly (string | number)[]) => void {
  console.log(`\n## ${title}\n\n| ${columns.join(' | ')} |\n|${columns.map(() => ' --- |').join('')}`);
  return (...cells) => console.log(`| ${columns.map((_, index) => cells[index] ?? '').join(' | ')} |`);
}
