/** The Transfers screen: the queue, failures by cause, and limits, with a mouse and by keyboard alone. */
import type { Browser, Page } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hoursOfWeek, noLimits } from '../../shared/contract/limits.ts'
import { launchChromium, noChromium } from '../kit/chromium.ts'
import { asked, englishLeftovers, impatient, lastAsked } from './asked.ts'
import { aHost, aSnapshot, aWork, complaints, looks, seriousViolations, shot } from './kit.ts'
import { openStandIn, serveScreens, type Canned, type Look } from './standIn.ts'

const minute = 60_000

const waiting = (id: string, kind: 'verify' | 'land' | 'evidence') =>
  aWork({
    id,
    kind,
    state: 'waiting',
    startedAt: null,
    stage: null,
    items: 0,
    itemsTotal: null,
    bytes: 0,
    bytesTotal: null,
    bytesPerSecond: null,
    itemsPerSecond: null,
    left: null,
  })

const works = [
  aWork({ waitingFor: 'cache-dirty', troubles: 4 }),
  aWork({ id: 'work-2', kind: 'load', deviceId: 3, stage: 'load', state: 'paused', because: 'person', bytesPerSecond: null, left: null }),
  waiting('wait-land', 'land'),
  waiting('wait-verify', 'verify'),
  waiting('wait-evidence', 'evidence'),
  aWork({ id: 'done-1', kind: 'scan', state: 'done', endedAt: Date.now() - 90 * minute, left: null }),
  aWork({
    id: 'done-2',
    kind: 'verify',
    state: 'failed',
    endedAt: Date.now() - 30 * minute,
    left: null,
    fault: { code: 'aws-denied', retry: 'after-human', facts: {} },
  }),
]

const failures: Canned = {
  'failures.list': {
    failures: [
      { code: 'share-write-failed', what: 'fault', items: 214, bytes: 107e6, canRetry: true },
      { code: 'name-not-utf8', what: 'anomaly', items: 12_186, bytes: 6.1e9, canRetry: false },
    ],
  },
  'failures.items': { rows: [{ itemId: 4711, size: 524_288, route: 'share' }], next: null },
}

const office = Array.from({ length: hoursOfWeek }, (_, at) => (at < 120 && at % 24 >= 7 && at % 24 < 19 ? 80e6 : at % 24 === 3 ? 0 : null))

describe.skipIf(noChromium)('the Transfers screen', () => {
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

  const transfers = (answers: Canned = {}, look: Look = {}, migration: Parameters<typeof aSnapshot>[0] = { works }): Promise<Page> =>
    impatient(
      openStandIn(
        browser,
        screens.url,
        {
          host: aHost(),
          snapshot: aSnapshot(migration),
          answers: {
            ...failures,
            'transfers.waiting': {
              left: { items: 4_600_000, bytes: 2.3e12 },
              rows: [
                { itemId: 81_400_001, size: 524_288, state: 'sending', batch: true },
                { itemId: 81_400_002, size: 1_073_741_824, state: 'planned', batch: false },
              ],
              next: 'a',
            },
            'limits.read': { ...noLimits, grid: office },
            'limits.save': noLimits,
            'works.move': {},
            ...answers,
          },
          screen: 'transfers',
        },
        look,
      ),
    )

  it.each(looks)('has no serious accessibility finding in any tab: $name', async (look) => {
    const page = await transfers({}, look)
    const heard = complaints(page)
    for (const tab of ['Now and next', 'Items waiting', /^Failures/, 'Bandwidth']) {
      await page.getByRole('tab', { name: tab }).click()
      await page.getByRole('tabpanel').waitFor()
      await shot(page, `transfers-${typeof tab === 'string' ? tab.split(' ').join('-').toLowerCase() : 'failures'}-${look.name}`)
      if (tab === 'Bandwidth') {
        await page.getByRole('grid').scrollIntoViewIfNeeded()
        await shot(page, `transfers-grid-${look.name}`)
      }
      expect(await seriousViolations(page)).toEqual([])
    }
    expect(heard).toEqual([])
    await page.context().close()
  })

  it('is wholly German where German is wanted', async () => {
    const page = await transfers({}, { language: 'de' })
    for (const tab of ['Jetzt und danach', 'Wartende Dateien', /^Fehler/, 'Bandbreite']) {
      await page.getByRole('tab', { name: tab }).click()
      expect(await englishLeftovers(page)).toEqual([])
    }
    await shot(page, 'transfers-german')
    await page.context().close()
  })

  it('reorders the queue by keyboard alone', async () => {
    const page = await transfers()
    await page.getByRole('button', { name: /^Move: Verify, place 2 of 3/ }).focus()
    await page.keyboard.press('ArrowUp')
    expect(await lastAsked(page, 'works.move')).toEqual({ workId: 'wait-verify', before: 'wait-land' })
    await page.keyboard.press('ArrowDown')
    expect(await lastAsked(page, 'works.move', 2)).toEqual({ workId: 'wait-verify', before: null })
    await page.context().close()
  })

  it('reorders the queue by its buttons, not beyond its ends', async () => {
    const page = await transfers()
    await page.getByRole('button', { name: 'Move down: See what landed in S3' }).click()
    expect(await lastAsked(page, 'works.move')).toEqual({ workId: 'wait-land', before: 'wait-evidence' })
    expect(await page.getByRole('button', { name: 'Move up: See what landed in S3' }).isDisabled()).toBe(true)
    await page.context().close()
  })

  it('pauses, resumes and cancels a work, and asks before it cancels', async () => {
    const page = await transfers({ 'works.pause': {}, 'works.resume': {}, 'works.cancel': {} })
    await page.getByRole('button', { name: 'Pause: Push to the share' }).click()
    expect(await lastAsked(page, 'works.pause')).toEqual({ workId: 'work-1' })
    await page.getByRole('button', { name: 'Resume: Load device 3' }).click()
    expect(await lastAsked(page, 'works.resume')).toEqual({ workId: 'work-2' })
    await page.getByRole('button', { name: 'Cancel: Push to the share' }).click()
    expect(await asked(page, 'works.cancel')).toEqual([])
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel the work' }).click()
    expect(await lastAsked(page, 'works.cancel')).toEqual({ workId: 'work-1' })
    await page.context().close()
  })

  it('pauses all, and resumes all', async () => {
    const page = await transfers({ 'works.pauseAll': {} })
    await page.getByRole('main').getByRole('button', { name: 'Pause all' }).click()
    await lastAsked(page, 'works.pauseAll')
    await page.context().close()
    const paused = await transfers({ 'works.resumeAll': {} }, {}, { works, pausedAll: true })
    await paused.getByRole('main').getByRole('button', { name: 'Resume all' }).click()
    await lastAsked(paused, 'works.resumeAll')
    await paused.context().close()
  })

  it('clears what is over', async () => {
    const page = await transfers({ 'works.clear': {} })
    await page.getByRole('button', { name: 'Clear the list' }).click()
    await lastAsked(page, 'works.clear')
    await page.context().close()
  })

  it('lists what waits on each route, by item id', async () => {
    const page = await transfers()
    await page.getByRole('tab', { name: 'Items waiting' }).click()
    await page.getByText('Item 81400001').waitFor()
    await page.getByRole('button', { name: 'Share', exact: true }).last().click()
    expect(await lastAsked(page, 'transfers.waiting', 2)).toMatchObject({ route: 'share' })
    await page.getByRole('button', { name: 'Show more' }).click()
    expect(await lastAsked(page, 'transfers.waiting', 3)).toMatchObject({ route: 'share', after: 'a' })
    await page.context().close()
  })

  it('groups failures by cause and plans again what can be planned again', async () => {
    const page = await transfers({ 'failures.retry': { items: 214 } })
    await page.getByRole('tab', { name: /^Failures/ }).click()
    await page.getByText('Writing to the share failed.').waitFor()
    await page.getByText('The item is not counted as sent and is written again.').waitFor()
    await page.getByText('Name is not UTF-8').waitFor()
    await page.getByText('Planning again does not help here; do first what the last sentence says.').waitFor()
    await page.getByRole('button', { name: 'Plan these again: Writing to the share failed.' }).click()
    expect(await lastAsked(page, 'failures.retry')).toEqual({ codes: ['share-write-failed'] })
    await page.getByText(/^214\sitems can be planned again/).waitFor()
    await page.getByRole('button', { name: 'Plan all again that can be' }).click()
    expect(await lastAsked(page, 'failures.retry', 2)).toEqual({ codes: null })
    await page.getByRole('button', { name: 'Show the items' }).last().click()
    await page.getByText('Item 4711').waitFor()
    expect(await lastAsked(page, 'failures.items')).toMatchObject({ code: 'share-write-failed' })
    await page.context().close()
  })

  it('sets a limit for now by the slider, and takes it back', async () => {
    const page = await transfers({ 'limits.read': noLimits })
    await page.getByRole('tab', { name: 'Bandwidth' }).click()
    await page.getByRole('slider').focus()
    await page.keyboard.press('Home')
    for (let step = 0; step < 8; step += 1) await page.keyboard.press('ArrowRight')
    await page.getByRole('button', { name: 'Set the limit' }).click()
    expect(await lastAsked(page, 'limits.save')).toEqual({ now: { rate: 80e6, until: null }, grid: null, routes: ['share', 'link'] })
    await page.context().close()
    const limited = await transfers({ 'limits.read': { ...noLimits, now: { rate: 80e6, until: null } } })
    await limited.getByRole('tab', { name: 'Bandwidth' }).click()
    await limited.getByText(/^Set now: at most 80\sMB\/s$/).waitFor()
    await limited.getByRole('button', { name: 'Take it back', exact: true }).click()
    expect(await lastAsked(limited, 'limits.save')).toEqual(noLimits)
    await limited.context().close()
  })

  it('paints the grid by keyboard alone', async () => {
    const page = await transfers({ 'limits.read': noLimits })
    await page.getByRole('tab', { name: 'Bandwidth' }).click()
    await page.getByText('Use the grid').click()
    const grid = page.getByRole('grid')
    await grid.getByRole('gridcell', { name: /^Monday 00:00/ }).focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Shift+ArrowRight')
    await page.keyboard.press('Shift+ArrowDown')
    await page.keyboard.press('Space')
    await grid.getByRole('gridcell', { name: 'Wednesday 02:00–03:00: at most 80 MB/s' }).waitFor()
    await page.getByRole('button', { name: 'Save the grid' }).click()
    const saved = await lastAsked(page, 'limits.save')
    const painted = saved.grid?.flatMap((rate, hour) => (rate === 80e6 ? [hour] : []))
    expect(painted).toEqual([25, 26, 49, 50])
    await page.context().close()
  })

  it('paints the grid by dragging, and whole days by their names', async () => {
    const page = await transfers({ 'limits.read': noLimits })
    await page.getByRole('tab', { name: 'Bandwidth' }).click()
    await page.getByText('Use the grid').click()
    await page.getByRole('radio', { name: 'nothing is sent' }).check()
    const cell = (name: string) => page.getByRole('grid').getByRole('gridcell', { name: new RegExp(`^${name}`) })
    await cell('Monday 08:00').hover()
    await page.mouse.down()
    await cell('Tuesday 09:00').hover()
    await page.mouse.up()
    await page.getByRole('rowheader', { name: 'All of Sunday' }).click()
    await page.getByRole('button', { name: 'Save the grid' }).click()
    const saved = await lastAsked(page, 'limits.save')
    const painted = saved.grid?.flatMap((rate, hour) => (rate === 0 ? [hour] : []))
    expect(painted).toEqual([8, 9, 32, 33, ...Array.from({ length: 24 }, (_, hour) => 144 + hour)])
    await page.context().close()
  })

  it('says so when nothing moves, waits or failed', async () => {
    const page = await transfers({ 'failures.list': { failures: [] } }, {}, { works: [] })
    await page.getByText('Nothing moves at the moment.').waitFor()
    await page.getByText('Nothing waits for its turn.').waitFor()
    await shot(page, 'transfers-empty')
    await page.getByRole('tab', { name: 'Failures' }).click()
    await page.getByText('Nothing was left behind').waitFor()
    await page.context().close()
  })
})
