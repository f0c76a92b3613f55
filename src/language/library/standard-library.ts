/** `import "std"`: the standard library, written in the language itself. */
import { URI } from 'langium';

export const STANDARD_LIBRARY_NAME = 'std';
/** With an authority, because Vim takes for a file name what has no `://`. */
export const STANDARD_LIBRARY_URI = URI.parse('benchwright://library/std.bench');

export const STANDARD_LIBRARY_TEXT = `/*
 * The standard library. Import it with \`import "std"\`, refer to its names, or extend them.
 */

// ── what good looks like, by use ────────────────────────────────────────────

/// A person reads along: the first word soon, then faster than reading.
sla interactive-chat {
  ttft p95 < 1 s
  tpot p95 < 50 ms
  error-rate < 1 %
}

/// Suggestions while typing: useless after half a second.
sla code-completion {
  ttft p95 < 200 ms
  e2e  p95 < 500 ms
  error-rate < 1 %
}

/// Nobody waits: only that it gets done.
sla batch {
  e2e p99 < 5 min
  error-rate < 0.1 %
}

// ── loads, by question ──────────────────────────────────────────────────────

/// Requests per second of the presets below.
param std-rate = 10 rps

/// How does it behave when nothing is scarce?
load baseline {
  warmup 30 s at 1 rps
  stage baseline { rate 1 rps poisson for 5 min }
}

/// Where does it break, and does it recover?
load stress {
  warmup 30 s at 1 rps
  stage rise     { rate std-rate .. std-rate * 10 step std-rate every 1 min }
  stage recovery { rate std-rate poisson for 5 min }
}

/// Does it decay, drift or leak?
load endurance {
  warmup 1 min at 1 rps
  stage hold { rate std-rate poisson for 24 h }
}

/// What happens when a crowd arrives?
load spike {
  warmup 30 s at 1 rps
  stage crowds { rate std-rate  spike std-rate * 10 for 10 s every 1 min  for 10 min }
}

/// How much can it take at once?
load capacity {
  warmup 20 requests
  stage users { users [1, 2, 4, 8, 16, 32, 64, 128] each 1 min }
}

// ── what people ask ─────────────────────────────────────────────────────────

/// A short question, an answer of a paragraph.
dataset single-turn {
  from random
  input  lognormal(mean 200, p99 1000) tokens
  output lognormal(mean 200, p99 800) tokens
}

/// A conversation that carries its history along.
dataset multi-turn {
  from random
  input  lognormal(mean 1500, p99 6000) tokens
  output lognormal(mean 250, p99 1000) tokens
  shared-prefix 60 %
}

/// A long document and a summary.
dataset documents {
  from random
  input  normal(6000, 1500) tokens
  output normal(400, 80) tokens
}

/// Code before the cursor, a few lines after it.
dataset code {
  from random
  input  normal(1500, 400) tokens
  output uniform(16 .. 128) tokens
}

/// An office's day: chats, documents and some code.
dataset office {
  mix { 40 % single-turn  30 % multi-turn  20 % documents  10 % code }
}
`;
