/**
 * `npm run screens [-- FOLDER=docs/screens]`: pictures of every screen, light and dark, at both sizes, of a rehearsal in the real application. Needs a
 * Chromium. Where pngquant is installed the pictures are made small with it.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Page } from '@playwright/test'
import { mouse, openApplication } from '../e2e/applicationKit.ts'
import { makeEvidence, orderAndLoad, planAndApprove, pushAndLand, rehearseSample, verifyAll } from '../e2e/wholeMove.ts'

const folder = resolve(process.argv[2] ?? 'docs/screens')
const images = '1200'
const sizes = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
] as const
const screens = [
  'overview',
  'archives',
  'plan',
  'devices',
  'share',
  'transfers',
  'verification',
  'evidence',
  'settings',
  'diagnostics',
  'start',
]

mkdirSync(folder, { recursive: true })
const at = await openApplication()
try {
  await take(at.page, 'first-start')
  const hand = mouse(at.page)
  await rehearseSample(at.page, hand, images)
  await planAndApprove(at.page, hand)
  await orderAndLoad(at.page, hand)
  await pushAndLand(at.page, hand)
  await verifyAll(at.page, hand)
  await makeEvidence(at.page, hand)
  for (const screen of screens) {
    await at.page.goto(`${at.page.url().split('#')[0] ?? ''}#${screen}`)
    await take(at.page, screen)
  }
  await hand.press(at.page.getByRole('navigation').getByRole('link', { name: /^Archives/ }))
  await hand.press(at.page.getByRole('tab', { name: 'Explorer' }))
  await take(at.page, 'explorer')
  await hand.goTo('Devices')
  await hand.press(at.page.getByRole('button', { name: 'Device 1', exact: true }))
  await take(at.page, 'device')
} finally {
  await at.close()
}
const small = spawnSync('pngquant', ['--ext', '.png', '--force', '--skip-if-larger', '--quality', '70-95', '--', ...pictures()])
if (small.error !== undefined) process.stderr.write('pngquant is not here: the pictures stay large.\n')

/** When what is asked has been answered and drawn. */
async function take(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    for (const size of sizes) {
      await page.setViewportSize(size)
      await page.waitForTimeout(1500)
      await page.screenshot({ path: fileOf(name, colorScheme, size) })
    }
  }
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize(sizes[0])
}

function fileOf(name: string, mode: string, { width, height }: (typeof sizes)[number]): string {
  return join(folder, `${name}-${mode}-${width}x${height}.png`)
}

function pictures(): readonly string[] {
  return ['first-start', ...screens, 'explorer', 'device'].flatMap((name) =>
    ['light', 'dark'].flatMap((mode) => sizes.map((size) => fileOf(name, mode, size))),
  )
}
