/** The documents inside webviews, which VS Code wraps in two frames without a name; and what they show, for who looks for another one. */
import type { Frame, Page } from 'playwright-core';

/** A frame that is being replaced answers nothing, for as long as one asks. */
const ANSWER_WITHIN_MS = 2_000;

export async function findWebview(page: Page, selector: string): Promise<Frame | undefined> {
  const frames = webviewFrames(page);
  const counts = await Promise.all(frames.map((frame) => answerOf(frame.locator(selector).count())));
  return frames.findLast((_, index) => (counts[index] ?? 0) > 0);
}

/** One line for each: its phase, where it is a dashboard, its heading, and how its text begins. */
export async function describeWebviews(page: Page): Promise<readonly string[]> {
  return Promise.all(
    webviewFrames(page).map(async (frame) => (await answerOf(frame.evaluate(describe))) ?? 'one that does not answer'),
  );
}

/** Runs in the webview. */
function describe(): string {
  const phase = document.querySelector<HTMLElement>('[data-phase]')?.dataset['phase'];
  const heading = document.querySelector('h1')?.textContent.trim();
  const text = document.body.innerText.replaceAll(/\s+/g, ' ').trim();
  return [
    ...(phase === undefined ? [] : [`phase ${phase}`]),
    heading === undefined ? 'no heading' : `heading "${heading}"`,
    text === '' ? 'empty' : `"${text.slice(0, 160)}"`,
  ].join(', ');
}

function webviewFrames(page: Page): readonly Frame[] {
  return page.frames().filter((frame) => frame.url().includes('fake.html'));
}

async function answerOf<T>(answer: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ANSWER_WITHIN_MS);
  });
  try {
    return await Promise.race([answer.catch(() => undefined), late]);
  } finally {
    clearTimeout(timer);
  }
}
