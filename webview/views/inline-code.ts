/** Texts of catalogue and runner mark words of the language with backticks. */
import { html, type TemplateResult } from 'lit';

export function withCode(text: string): readonly (string | TemplateResult)[] {
  return text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part));
}
