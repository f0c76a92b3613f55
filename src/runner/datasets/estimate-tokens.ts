/**
 * A rough count of tokens where no tokenizer is at hand: about four characters of Latin text to a token, and one token for each character
 * of scripts that use a sign for a word or a syllable. Good enough to leave out what is far too long, not to report.
 */
export function estimateTokens(text: string): number {
  let quarters = 0;
  for (let index = 0; index < text.length; index += 1) quarters += text.charCodeAt(index) < 0x2e80 ? 1 : 4;
  return Math.ceil(quarters / 4);
}
