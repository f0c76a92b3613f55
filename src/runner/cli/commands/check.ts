import { EXIT_CODES } from '../../../contract/errors.ts';
import type { CompileDiagnostic } from '../../../contract/protocol/language.ts';
import { renderDiagnosticCounts, renderDiagnostics } from '../../terminal/render-diagnostics.ts';
import { counted } from '../../terminal/words.ts';
import type { Command, CommandContext } from '../command.ts';
import { diagnosticAnnotation, renderAnnotation, renderSarif } from '../diagnostics-formats.ts';
import { existingFile } from '../scenario.ts';

export const checkCommand: Command = {
  name: 'check',
  summary: 'Look for mistakes in scenarios; nothing is sent.',
  operands: 'FILE…',
  operandCount: [1, Number.POSITIVE_INFINITY],
  options: {
    format: {
      value: 'text|json|sarif|github',
      choices: ['text', 'json', 'sarif', 'github'],
      doc: 'text (the default) shows the lines meant; json, sarif and github (annotations) are for programs.',
    },
  },
  details: ['Exit code 0 when there are no errors (warnings are allowed), 2 when there are.'],
  examples: ['benchwright check chat.bench', 'benchwright check *.bench --format sarif > benchwright.sarif'],
  async run(invocation, context) {
    const files = invocation.operands.map((path) => existingFile(path, context));
    const language = await context.services.language();
    const found: CompileDiagnostic[] = [];
    for (const file of files) found.push(...(await language.compile(file, {})).diagnostics);
    const diagnostics = withoutRepeats(found);
    context.terminal.writeOut(render(invocation.value('format') ?? 'text', diagnostics, files.length, context));
    return diagnostics.some((each) => each.severity === 'error') ? EXIT_CODES.scenario : EXIT_CODES.passed;
  },
};

function render(
  format: string,
  diagnostics: readonly CompileDiagnostic[],
  fileCount: number,
  { terminal, services }: CommandContext,
): string {
  const { columns, style, showPath } = terminal;
  if (format === 'json') return `${JSON.stringify(diagnostics, undefined, 2)}\n`;
  if (format === 'sarif') return renderSarif(diagnostics, showPath);
  if (format === 'github')
    return diagnostics.map((each) => `${renderAnnotation(diagnosticAnnotation(each, showPath))}\n`).join('');
  const checked = counted(fileCount, 'file');
  if (diagnostics.length === 0) return `${checked} checked: no problems.\n`;
  const counts = renderDiagnosticCounts(diagnostics);
  const lines = renderDiagnostics(diagnostics, { columns, style, showPath, readText: services.files.readText });
  return `${lines.join('\n')}\n\n${checked} checked: ${counts === '' ? 'no problems' : counts}.\n`;
}

/** A file imported by two others reports its mistakes once. */
function withoutRepeats(diagnostics: readonly CompileDiagnostic[]): readonly CompileDiagnostic[] {
  const seen = new Set<string>();
  return diagnostics.filter((each) => {
    const key = JSON.stringify([each.file, each.line, each.column, each.code, each.message]);
    return !seen.has(key) && seen.add(key) !== undefined;
  });
}
