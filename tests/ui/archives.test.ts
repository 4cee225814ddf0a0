/** What there is: archives, heat map, sizes, coldness, anomalies; in a real Chromium, by pointer and by keyboard. */
import type { Browser, Page } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium, noChromium } from '../kit/chromium.ts'
import { aMillionItems, archives, inventory } from './archivesFixture.ts'
import { aHost, aSnapshot, aWork, complaints, looks, seriousViolations, shot } from './kit.ts'
import { askedFor, openStandIn, serveScreens, type Look, type StandIn } from './standIn.ts'

/** Figures and units do not part at the end of a line; a person reads a space. */
const plain = (text: string): string => text.replaceAll('\u00a0', ' ')

describe.skipIf(noChromium)('archives and inventory', () => {
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
  const open = async (changes: Partial<StandIn> = {}, look: Look = {}): Promise<Page> => {
    const page = await openStandIn(
      browser,
      screens.url,
      { host: aHost(), snapshot: aSnapshot({ works: [] }), answers: inventory, screen: 'archives', inPage: aMillionItems, ...changes },
      look,
    )
    return page
  }

  it.each(looks)('has no serious accessibility finding and keeps to the policy: $name', async (look) => {
    const page = await open({}, look)
    const heard = complaints(page)
    await page.getByRole('button', { name: /CT, 2012/ }).waitFor()
    await shot(page, `archives-${look.name}`)
    await page.getByRole('slider').scrollIntoViewIfNeeded()
    await shot(page, `archives-below-${look.name}`)
    expect(await seriousViolations(page)).toEqual([])
    await page.getByRole('tab', { name: 'Anomalies' }).click()
    await page.getByText('Cannot be read').waitFor()
    await shot(page, `archives-anomalies-${look.name}`)
    expect(await seriousViolations(page)).toEqual([])
    expect(heard).toEqual([])
    await page.context().close()
  })

  it('shows each archive with its root, its place in S3 and what the last scan found', async () => {
    const page = await open()
    const row = page.getByRole('row', { name: /\/mnt\/pacs\/images/ })
    await row.waitFor()
    const said = plain(await row.innerText())
    expect(said).toContain('hospital-radiology-archive/pacs/')
    expect(said).toContain('236,400,000')
    expect(said).toContain('119 TB')
    expect(said).toContain('12 no longer there')
    await page.context().close()
  })

  it('draws the heat map as a table, whose cells say all three figures and lead to their studies', async () => {
    const page = await open()
    const table = page.getByRole('table', { name: 'Bytes by modality and year of the study' })
    await table.waitFor()
    expect(await table.getByRole('rowheader', { name: 'CT' }).count()).toBe(1)
    expect(await table.getByRole('columnheader', { name: '2014' }).count()).toBe(1)
    const cell = table.getByRole('button', { name: /CT, 2014: .*TB, .*items, .*studies/ })
    await cell.focus()
    await page.keyboard.press('ArrowRight')
    expect(await page.evaluate(() => document.activeElement?.textContent)).toMatch(/CT, 2015/)
    await page.keyboard.press('Enter')
    await page.getByRole('grid', { name: 'Studies' }).waitFor()
    const [asked] = (await askedFor(page, 'explorer.count')).slice(-1)
    expect(asked).toMatchObject({ modality: 'CT', yearFrom: 2015, yearTo: 2015 })
    await page.context().close()
  })

  it('switches the heat map from bytes to studies', async () => {
    const page = await open()
    await page.getByRole('button', { name: 'Studies' }).first().click()
    await page.getByRole('table', { name: 'Studies by modality and year of the study' }).waitFor()
    await page.context().close()
  })

  it('says what lies below the batch line', async () => {
    const page = await open()
    await page.getByText('batch line, 1 MiB').waitFor()
    expect(await page.getByText(/below the line, travel in batches/).innerText()).toMatch(/items \(\d+\s%\)/)
    await page.context().close()
  })

  it('moves the year of “not touched since” by keyboard and hands it to the plan as a rule', async () => {
    const page = await open({
      answers: {
        ...inventory,
        'plan.current': null,
        'plan.count': { chosen: { items: 5, bytes: 5, studies: 1 }, all: { items: 9, bytes: 9, studies: 2 } },
      },
    })
    const year = page.getByRole('slider', { name: 'Year since whose end nothing was touched' })
    await year.focus()
    expect(await year.getAttribute('aria-valuenow')).toBe('2019')
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('PageDown')
    expect(await year.getAttribute('aria-valuenow')).toBe('2013')
    await page.getByText(/were not touched since the end of 2013/).waitFor()
    await page.getByRole('button', { name: 'Plan these studies' }).press('Enter')
    await page.getByRole('textbox', { name: 'Cold for' }).waitFor()
    await expect.poll(async () => (await askedFor(page, 'plan.count')).at(-1)).toHaveProperty('rule.coldYears', expect.any(Number))
    const asked = (await askedFor(page, 'plan.count')).at(-1) as { rule: { coldYears: number } }
    const years = (Date.now() - Date.UTC(2014, 0, 1)) / (365.25 * 86_400_000)
    expect(Math.abs(asked.rule.coldYears - years)).toBeLessThan(0.02)
    await page.context().close()
  })

  it('drags the year with the pointer', async () => {
    const page = await open()
    const year = page.getByRole('slider', { name: 'Year since whose end nothing was touched' })
    await year.scrollIntoViewIfNeeded()
    const knob = await year.locator('circle').boundingBox()
    if (knob === null) throw new Error('the knob is not drawn')
    await page.mouse.move(knob.x + knob.width / 2, knob.y + knob.height / 2)
    await page.mouse.down()
    await page.mouse.move(knob.x - 120, knob.y, { steps: 4 })
    await page.mouse.up()
    expect(Number(await year.getAttribute('aria-valuenow'))).toBeLessThan(2019)
    await page.context().close()
  })

  it('shows a scan by files seen and directories left, without a percentage, and pauses it', async () => {
    const scan = aWork({
      id: 'scan-7',
      kind: 'scan',
      stage: 'scan',
      items: 41_200_000,
      itemsTotal: null,
      bytesTotal: null,
      itemsPerSecond: 8_400,
      left: null,
      also: { folders: 90_112, foldersLeft: 12_345 },
    })
    const page = await open({ snapshot: aSnapshot({ works: [scan] }), answers: { ...inventory, 'works.pause': {} } })
    const pause = page.getByRole('button', { name: 'Pause scan' })
    await pause.waitFor()
    await page.getByText('12,345').waitFor()
    await page.getByText('41,200,000').waitFor()
    await page.getByText('8,400 files/s').waitFor()
    expect(await page.getByRole('progressbar').count()).toBe(0)
    await shot(page, 'archives-scanning')
    await pause.click()
    await expect.poll(async () => (await askedFor(page, 'works.pause')).at(-1)).toEqual({ workId: 'scan-7' })
    await page.context().close()
  })

  it('says when a scan has stalled', async () => {
    const scan = aWork({
      id: 'scan-7',
      kind: 'scan',
      stage: 'scan',
      itemsTotal: null,
      bytesTotal: null,
      left: null,
      stalledSince: Date.now() - 240_000,
    })
    const page = await open({ snapshot: aSnapshot({ works: [scan] }) })
    await page.getByText(/Nothing has moved for [\d.]+\smin/).waitFor()
    await page.context().close()
  })

  it('lists anomalies with what Firn does and what a person can do, leads to their items, and says when an export was cut', async () => {
    const page = await open({
      screen: 'archives?show=anomalies',
      answers: { ...inventory, 'archives.anomalyCsv': { csv: 'item,archive,size,code\n1,1,2,empty\n', rows: 100_000, more: true } },
    })
    const row = page.getByRole('row', { name: /Cannot be read/ })
    await row.waitFor()
    expect(await row.innerText()).toContain('Leaves it behind and lists it.')
    expect(await row.innerText()).toContain('Give the account that runs Firn read permission')
    const saved = page.waitForEvent('download')
    await row.getByRole('button', { name: 'Export as CSV: Cannot be read' }).click()
    await page.getByRole('menuitem', { name: 'CSV without paths' }).click()
    expect((await saved).suggestedFilename()).toBe('anomalies-not-readable.csv')
    await page.getByText(/Only the first 100,000 rows were exported/).waitFor()
    expect((await askedFor(page, 'archives.anomalyCsv')).at(-1)).toEqual({ code: 'not-readable', includePaths: false })
    await page.getByRole('button', { name: 'Show in the explorer: Cannot be read' }).click()
    await page.getByRole('grid', { name: 'Items' }).waitFor()
    expect((await askedFor(page, 'explorer.count')).at(-1)).toMatchObject({ anomaly: 'not-readable' })
    await page.context().close()
  })

  it('adds an archive by folder and prefix, and says at the field what a prefix must be', async () => {
    const token = `path-${'0'.repeat(32)}`
    const [added] = archives.archives
    if (added === undefined) throw new Error('the fixture has archives')
    const page = await open({
      answers: { ...inventory, 'archives.list': { archives: [] }, 'host.choose': { token, label: '/mnt/disk7' }, 'archives.add': added },
    })
    await page.getByText('No archive yet').waitFor()
    await shot(page, 'archives-empty')
    await page.getByRole('button', { name: 'Add archive' }).click()
    const dialog = page.getByRole('dialog', { name: 'Add an archive' })
    await dialog.getByRole('button', { name: 'Add archive' }).click()
    await dialog.getByText('A folder is needed.').waitFor()
    await dialog.getByRole('button', { name: 'Choose a folder' }).click()
    await dialog.getByText('/mnt/disk7').waitFor()
    await dialog.getByRole('textbox').fill('disk7')
    await dialog.getByText('A prefix must end with /').waitFor()
    await dialog.getByRole('textbox').fill('disk7/')
    await dialog.getByRole('button', { name: 'Add archive' }).click()
    await expect.poll(async () => (await askedFor(page, 'archives.add')).at(-1)).toEqual({ folder: token, prefix: 'disk7/' })
    await page.context().close()
  })

  it('shows the three sentences and a code when the engine refuses, and that it is loading before', async () => {
    const refused = await open({ answers: { ...inventory, 'archives.list': { fault: 'journal-damaged' } } })
    await refused.getByText('journal-damaged').waitFor()
    await refused.getByRole('button', { name: 'Try again' }).waitFor()
    await refused.context().close()
    const loading = await open({ answers: { ...inventory, 'archives.heatMap': 'loading' } })
    await loading.getByText('Loading').first().waitFor()
    await loading.context().close()
  })

  it('is German from end to end', async () => {
    const page = await open({}, { language: 'de' })
    await page.getByRole('heading', { name: 'Archive und Bestand' }).waitFor()
    await page.getByText('Stapelgrenze').waitFor()
    await shot(page, 'archives-german')
    const said = await page.locator('main').innerText()
    expect(said.match(/\b(the|items?|studies|years?|scan again|modality|sizes|not touched|show|anomalies|archives)\b/gi) ?? []).toEqual([])
    await page.getByRole('tab', { name: 'Auffälligkeiten' }).click()
    await page.getByText('Nicht lesbar').waitFor()
    const table = await page.locator('main').innerText()
    expect(table.match(/\b(the|items?|carries|leaves|cannot|give|export as|nothing)\b/gi) ?? []).toEqual([])
    await page.context().close()
  })
})
