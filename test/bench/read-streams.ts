/**
 * A process of its own: opens streams and reads them with nothing but a socket, so that a simulator is measured and not its client.
 * Arguments: URL, streams, tokens of each. Ends once all streams have ended.
 */
import { connect } from 'node:net';

const [url = '', streams = '', tokens = ''] = process.argv.slice(2);
const body = JSON.stringify({
  messages: [{ role: 'user', content: 'Go on' }],
  stream: true,
  max_tokens: Number(tokens),
});
const request = `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`;

for (let index = 0; index < Number(streams); index += 1) {
  // A millisecond apart: a burst of connections is another test.
  setTimeout(() => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(request));
    socket.resume();
  }, index);
}
