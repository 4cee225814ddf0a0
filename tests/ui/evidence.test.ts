/** The Evidence screen: bundles, past runs and the event log. */
import type { Browser, Page } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Answer } from '../../shared/contract/bridge.ts'
import { launchChromium, noChromium } from '../kit/chromium.ts'
import { asked, englishLeftovers, impatient, lastAsked } from './asked.ts'
import { aHost, aSnapshot, complaints, looks, seriousViolations, shot } from './kit.ts'
import { openStandIn, serveScreens, type Canned, type Look } from './standIn.ts'

const hour = 3_600_000
type Bundle = Answer<'evidence.list'>['bundles'][number]

function aBundle(changes: Partial<Bundle> = {}): Bundle {
  return {
    bundle: '2026-11-24T140209Z-1a2b3c4d',
    madeAt: Date.now() - 2 * hour,
    sentence: '101,700,000 of 248,000,000 items are verified.',
    tone: 'amber',
    items: 248_000_000,
    bytes: 126e12,
    fingerprints: ['9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'],
    signedBy: '4e07408562bedb8b60ce05c1decfe3ad16b72230967de01f640b7e4729b49fce',
    files: [
      { name: 'data/report.html', bytes: 184_000 },
      { name: 'data/items.csv', bytes: 81e9 },
      { name: 'manifest-sha256.txt', bytes: 900 },
    ],
    withPaths: false,
    whole: null,
    ...changes,
  }
}

const answers: Canned = {
  'evidence.list': {
    bundles: [aBundle(), aBundle({ bundle: '2026-11-20T080000Z-0badcafe', tone: 'red', withPaths: true, whole: false })],
    folder: '/srv/firn/evidence',
    signingKey: '4e07408562bedb8b60ce05c1decfe3ad16b72230967de01f640b7e4729b49fce',
  },
  'history.runs': {
    runs: [
      { kind: 'scan', id: 1, startedAt: Date.now() - 90 * hour, finishedAt: Date.now() - 80 * hour, note: '' },
      { kind: 'verification', id: 4, startedAt: Date.now() - 5 * hour, finishedAt: null, note: '' },
    ],
  },
  'events.kinds': { kinds: ['device-ordered', 'verification-started'] },
  'events.page': {
    rows: [
      { sequence: 112, at: Date.now() - hour, kind: 'verification-started', facts: { run: 4 }, hash: 'ab'.repeat(32) },
      { sequence: 111, at: Date.now() - 2 * hour, kind: 'x-77', facts: { device: 3 }, hash: 'cd'.repeat(32) },
    ],
    next: 'b',
  },
}

describe.skipIf(noChromium)('the Evidence screen', () => {
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

  const evidence = (changed: Canned = {}, look: Look = {}): Promise<Page> =>
    impatient(
      openStandIn(
        browser,
        screens.url,
        { host: aHost(), snapshot: aSnapshot({ works: [] }), answers: { ...answers, ...changed }, screen: 'evidence' },
        look,
      ),
    )

  it.each(looks)('has no serious accessibility finding in any tab: $name', async (look) => {
    const page = await evidence({}, look)
    const heard = complaints(page)
    await page.getByRole('button', { name: /^Open report: 2026-11-24/ }).waitFor()
    await shot(page, `evidence-${look.name}`)
    expect(await seriousViolations(page)).toEqual([])
    await page.getByRole('tab', { name: 'Past runs' }).click()
    await page.getByRole('cell', { name: 'not ended' }).waitFor()
    expect(await seriousViolations(page)).toEqual([])
    await page.getByRole('tab', { name: 'Event log' }).click()
    await page.getByText('Verification begun').waitFor()
    await shot(page, `evidence-log-${look.name}`)
    expect(await seriousViolations(page)).toEqual([])
    expect(heard).toEqual([])
    await page.context().close()
  })

  it('makes a bundle without paths unless a person wants them, and says what that means', async () => {
    const page = await evidence({ 'works.start': { workId: 'evidence-1' } })
    await page.getByRole('button', { name: 'Make evidence' }).click()
    await page
      .getByRole('dialog')
      .getByText(/the bundle may leave the hospital/)
      .waitFor()
    await page
      .getByRole('dialog')
      .getByText(/keep this bundle inside the hospital/)
      .waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Make evidence' }).click()
    expect(await lastAsked(page, 'works.start')).toEqual({ kind: 'evidence', includePaths: false, zip: false })
    await page.getByRole('button', { name: 'Make evidence' }).click()
    await page
      .getByRole('dialog')
      .getByRole('radio', { name: /^With paths/ })
      .check()
    await page.getByRole('checkbox', { name: 'Also pack it into one ZIP file' }).check()
    await page.getByRole('dialog').getByRole('button', { name: 'Make evidence' }).click()
    expect(await lastAsked(page, 'works.start', 2)).toEqual({ kind: 'evidence', includePaths: true, zip: true })
    await page.context().close()
  })

  it('opens a report where the host serves it, in a page that cannot reach back', async () => {
    const page = await evidence({ 'host.openReport': { url: `${screens.url}report` } })
    const opened = page.context().waitForEvent('page')
    await page.getByRole('button', { name: /^Open report: 2026-11-24/ }).click()
    const report = await opened
    expect(await lastAsked(page, 'host.openReport')).toEqual({ bundle: '2026-11-24T140209Z-1a2b3c4d' })
    expect(await report.evaluate(() => window.opener === null)).toBe(true)
    await page.context().close()
  })

  it('opens nothing of its own where the system’s viewer shows the report', async () => {
    const page = await evidence({ 'host.openReport': { url: null } })
    await page.getByRole('button', { name: /^Open report: 2026-11-24/ }).click()
    await lastAsked(page, 'host.openReport')
    expect(page.context().pages()).toHaveLength(1)
    await page.context().close()
  })

  it('hashes a bundle again and names what has changed', async () => {
    const page = await evidence({ 'evidence.check': { whole: false, differing: ['data/items.csv'] } })
    await page.getByRole('button', { name: /^Check the files: 2026-11-24/ }).click()
    await page.getByText('Changed since it was made: data/items.csv').waitFor()
    await page.context().close()
  })

  it('says how to check it without Firn', async () => {
    const page = await evidence()
    await page.getByRole('button', { name: 'How to check this without Firn' }).click()
    await page.getByText('sha256sum -c tagmanifest-sha256.txt manifest-sha256.txt', { exact: true }).waitFor()
    await shot(page, 'evidence-how')
    await page.context().close()
  })

  it('filters the event log by kind and time, and shows more on demand', async () => {
    const page = await evidence()
    await page.getByRole('tab', { name: 'Event log' }).click()
    await page.getByText('x-77').waitFor()
    await page.getByRole('button', { name: 'Show more' }).click()
    expect(await lastAsked(page, 'events.page', 2)).toMatchObject({ after: 'b', kinds: null })
    await page.getByRole('button', { name: /Kinds of event/ }).click()
    await page.getByRole('option', { name: 'Device ordered' }).click()
    await page.keyboard.press('Escape')
    await page.getByLabel('From').fill('2026/11/20')
    await expect
      .poll(async () => (await asked(page, 'events.page')).at(-1), { timeout: 20_000 })
      .toMatchObject({ kinds: ['device-ordered'], from: expect.any(Number) as number })
    await page.getByRole('button', { name: 'Clear the filter' }).click()
    expect(await page.getByLabel('From').inputValue()).toBe('')
    await page.context().close()
  })

  it('checks the chain and says where it is broken', async () => {
    const page = await evidence({ 'events.check': { whole: false, entries: 112, brokenAt: 40 } })
    await page.getByRole('tab', { name: 'Event log' }).click()
    await page.getByRole('button', { name: 'Check the chain' }).click()
    await page.getByText(/^The chain is broken at entry 40\./).waitFor()
    await page.context().close()
  })

  it('shows the folder', async () => {
    const page = await evidence({ 'host.revealMigration': { label: '/srv/firn/radiology' } })
    await page.getByRole('button', { name: 'Show the folder' }).click()
    await page.getByText(/The migration lies in \/srv\/firn\/radiology/).waitFor()
    await page.context().close()
  })

  it('says so when there is no bundle yet', async () => {
    const page = await evidence({
      'evidence.list': { bundles: [], folder: '', signingKey: '4e07408562bedb8b60ce05c1decfe3ad16b72230967de01f640b7e4729b49fce' },
    })
    await page.getByText('No evidence yet').waitFor()
    // Before there is any bundle: it is to be noted from the first day.
    await page.getByText('4e07408562bedb8b60ce05c1decfe3ad16b72230967de01f640b7e4729b49fce').waitFor()
    await shot(page, 'evidence-empty')
    await page.context().close()
  })

  it('is wholly German where German is wanted', async () => {
    const page = await evidence({}, { language: 'de' })
    for (const tab of ['Pakete', 'Frühere Läufe', 'Ereignisprotokoll']) {
      await page.getByRole('tab', { name: tab }).click()
      expect(await englishLeftovers(page)).toEqual([])
    }
    await shot(page, 'evidence-german')
    await page.context().close()
  })
})
