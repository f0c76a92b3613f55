/** Debian's Chromium through Playwright, with nothing that calls home. */
import { chromium, type Browser } from 'playwright-core';
import { browserPackage, findBrowser } from '../../../.ci/browser.ts';
import { ensureSystemPackages } from '../../../.ci/system-packages.ts';

export async function launchChromium(): Promise<Browser> {
  await ensureSystemPackages('driving VS Code', [browserPackage]);
  return chromium.launch({
    executablePath: findBrowser()!,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
