/** Counts tokens of whole texts, without special tokens; never chunk by chunk, never on a thread that takes stamps. */
export interface Tokenizer {
  readonly label: string;
  count(text: string): number;
}
