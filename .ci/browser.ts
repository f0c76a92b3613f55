/** The browser that the tests drive. */
import { findProgram, type SystemPackage } from './system-packages.ts';

const candidates = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** `BENCHWRIGHT_BROWSER` names another Chromium-based browser. */
export function findBrowser(): string | undefined {
  return process.env.BENCHWRIGHT_BROWSER || findProgram(candidates);
}

export const browserPackage: SystemPackage = {
  name: 'chromium',
  isPresent: () => Promise.resolve(findBrowser() !== undefined),
};
