/** A real Chromium for tests: Debian's, the one named in FIRN_CHROMIUM, or Playwright's own. Where there is none, tests say SKIPPED and why. */
import { existsSync } from 'node:fs'
import { chromium, type Browser } from '@playwright/test'

const places = [
  process.env['FIRN_CHROMIUM'],
  // The same engine without the window around it, at a third of the processor time.
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  chromium.executablePath(),
]

export const chromiumPath = places.find((place) => place !== undefined && place !== '' && existsSync(place))

/** For `describe.skipIf`: loud, because a screen that nobody looked at proves nothing. */
export const noChromium = chromiumPath === undefined
if (noChromium)
  process.stderr.write(
    'SKIPPED: no Chromium on this machine (apt-get install chromium-headless-shell, or FIRN_CHROMIUM=/path). No screen was looked at.\n',
  )

export function launchChromium(): Promise<Browser> {
  if (chromiumPath === undefined) throw new Error('there is no Chromium')
  return chromium.launch({
    executablePath: chromiumPath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--force-color-profile=srgb'],
  })
}
