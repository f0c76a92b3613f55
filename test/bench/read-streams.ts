/**
 * A process of its own: opens streams and reads them with nothing but a socket, so that a simulator is measured and not its client.
 * Arguments: URL, streams, tokens of each. Ends once all streams have ended.
 */
import { askAndDiscard } from '../../src/runner/platform/discard-answer.ts';

const [url = '', streams = '', tokens = ''] = process.argv.slice(2);
const body = JSON.stringify({
  messages: [{ role: 'user', content: 'Go on' }],
  stream: true,
  max_tokens: Number(tokens),
});

for (let index = 0; index < Number(streams); index += 1) {
  // A millisecond apart: a burst of connections is another test.
  setTimeout(() => void askAndDiscard(Number(new URL(url).port), '/v1/chat/completions', body), index);
}
