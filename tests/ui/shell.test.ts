/** The frame around every screen. */
import type { Browser } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium, noChromium } from '../kit/chromium.ts'
import { aHost, aSnapshot, complaints, looks, seriousViolations, shot } from './kit.ts'
import { openStandIn, serveScreens } from './standIn.ts'

describe.skipIf(noChromium)('the frame', () => {
  let browser: Browser
  let screens: Awaited<ReturnType<typeof serveScreens>>
  beforeAll(async () => {
    browser = await launchChromium()
    screens = await serveScreens()
  })
  afterAll(async () => {
    await browser.close()
    await screens.close()
  })

  it.each(looks)('has no serious accessibility finding: $name', async (look) => {
    const page = await openStandIn(browser, screens.url, { host: aHost(), snapshot: aSnapshot({ kind: 'rehearsal' }), answers: {} }, look)
    const heard = complaints(page)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await shot(page, `shell-${look.name}`)
    expect(await seriousViolations(page)).toEqual([])
    expect(heard).toEqual([])
    await page.context().close()
  })
})
