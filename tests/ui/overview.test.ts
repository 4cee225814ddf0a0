/** The Overview: one look says how far, how fast, until when, and whether it needs me. */
import type { Browser, Page } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MigrationSnapshot } from '../../shared/contract/snapshot.ts'
import { launchChromium, noChromium } from '../kit/chromium.ts'
import { aHost, aLane, aMigration, aSnapshot, aWork, complaints, englishLeftOvers, looks, seriousViolations, shot } from './kit.ts'
import { askedFor, openStandIn, serveScreens, tell, type Look, type StandIn } from './standIn.ts'

describe.skipIf(noChromium)('the Overview', () => {
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
  const open = (standIn: Partial<StandIn> = {}, look: Look = {}): Promise<Page> =>
    openStandIn(browser, screens.url, { host: aHost(), snapshot: aSnapshot(), answers: {}, screen: 'overview', ...standIn }, look)
  const none = { items: 0, bytes: 0 }
  const nothingScanned: Partial<MigrationSnapshot> = {
    kind: 'rehearsal',
    totals: {
      ...aMigration().totals,
      inventory: none,
      studies: 0,
      verified: none,
      landed: none,
      sent: none,
      waiting: none,
      leftBehind: none,
    },
    lanes: [aLane('device'), aLane('share')],
    works: [],
    eta: null,
    needs: { archives: 0, plan: 0, devices: 0, share: 0, transfers: 0, verification: 0, evidence: 0 },
    next: [{ code: 'scan', deviceId: null, needsPerson: true, at: null, facts: {} }],
  }

  it.each(looks)('has no serious accessibility finding and breaks no content security policy: $name', async (look) => {
    const page = await open({}, look)
    const heard = complaints(page)
    await page.getByRole('heading', { name: 'Whole archive' }).waitFor()
    await page.locator('.firn-strip canvas').first().waitFor()
    await shot(page, `overview-${look.name}`)
    expect(await seriousViolations(page)).toEqual([])
    expect(heard).toEqual([])
    await page.context().close()
  })

  it('splits the archive into verified, landed, sent, waiting and left behind, in bytes and in items', async () => {
    const page = await open()
    const bar = async (name: string): Promise<string> =>
      (await page.getByRole('group', { name, exact: true }).innerText()).replaceAll('\u00a0', ' ')
    await page.getByRole('group', { name: 'Bytes' }).waitFor()
    expect(await bar('Bytes')).toMatch(
      /verified\s+51.7 TB 41 %\s+landed\s+3.1 TB 2.5 %\s+sent\s+19.6 TB 16 %\s+waiting\s+51.5 TB 41 %\s+left behind\s+130 GB 0.1 %/,
    )
    expect(await bar('Items')).toMatch(/verified\s+101,700,000 41 %.*left behind\s+12,400 0.1 %/s)
    await page.getByText('measured over the last 6').waitFor()
    await page.context().close()
  })

  it('gives each lane its rate, its limit, and its hours as a table for those who cannot see the strip', async () => {
    const page = await open()
    await page.getByRole('heading', { name: 'Share lane' }).waitFor()
    await page.getByText('limited to 200 MB/s until 22:00').waitFor()
    await page.getByText('full speed').waitFor()
    const rows = page.getByRole('table', { name: 'Share lane' }).getByRole('row')
    expect(await rows.count()).toBeGreaterThan(8)
    await page.context().close()
  })

  it('walks a rehearsal by pressing the next thing, or does everything', async () => {
    const page = await open({ snapshot: aSnapshot(nothingScanned) })
    await page.getByText('Nothing has been scanned yet').waitFor()
    await shot(page, 'overview-unscanned')
    expect(await seriousViolations(page)).toEqual([])
    await page.getByRole('button', { name: /^Scan:/ }).click()
    expect(await askedFor(page, 'works.start')).toEqual([{ kind: 'scan' }])
    await tell(page, 'snapshot', aSnapshot({ ...nothingScanned, works: [aWork({ kind: 'scan' })] }))
    await page.getByRole('button', { name: /^Scan:/ }).waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Do everything' }).click()
    expect(await askedFor(page, 'works.start')).toEqual([{ kind: 'scan' }, { kind: 'rehearsal' }])
    await tell(
      page,
      'snapshot',
      aSnapshot({ kind: 'rehearsal', works: [], next: [{ code: 'ship', deviceId: 3, needsPerson: true, at: null, facts: {} }] }),
    )
    await page.getByRole('button', { name: /^To the device:/ }).click()
    await page.waitForURL(/#devices\?device=3/)
    await page.context().close()
  })

  it('offers no "do everything" in a real migration', async () => {
    const page = await open()
    await page.getByRole('heading', { name: 'Whole archive' }).waitFor()
    expect(await page.getByRole('button', { name: 'Do everything' }).count()).toBe(0)
    await page.context().close()
  })

  it('says that a work stalls, and what is waiting for a limit', async () => {
    const page = await open({
      snapshot: aSnapshot({
        works: [aWork({ stalledSince: Date.now() - 600_000 })],
        lanes: aMigration().lanes.map((lane) => (lane.route === 'share' ? { ...lane, limit: 0 } : lane)),
      }),
    })
    await page.getByText('stalled', { exact: true }).first().waitFor()
    await page.getByText(/held by the limit until .*: nothing is sent/).waitFor()
    await shot(page, 'overview-stalled')
    await page.context().close()
  })

  it('shows the two doors while no migration is open, and loads until anything was heard', async () => {
    const page = await open({ snapshot: aSnapshot(null) })
    await page.getByRole('button', { name: 'Rehearse with a sample archive' }).waitFor()
    await page.context().close()
    const loading = await openStandIn(browser, screens.url, { host: aHost(), answers: {}, screen: 'overview' })
    await loading.getByText('counting').waitFor()
    await loading.context().close()
  })

  it('pauses one work from the keyboard', async () => {
    const page = await open()
    await page.getByRole('button', { name: 'Pause: Push to the share' }).focus()
    await page.keyboard.press('Enter')
    expect(await askedFor(page, 'works.pause')).toEqual([{ workId: 'work-1' }])
    await page.context().close()
  })

  it('speaks German without English left over', async () => {
    const page = await open({ snapshot: aSnapshot({ name: 'Radiologie' }) }, { language: 'de' })
    await page.getByRole('heading', { name: 'Ganzes Archiv' }).waitFor()
    await page.getByText('9 bis 11').first().waitFor()
    await shot(page, 'overview-german')
    expect(await englishLeftOvers(page)).toEqual([])
    await page.context().close()
  })
})
