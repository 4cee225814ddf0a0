/** The explorer over a million items: jumps, keys, filters, details; only what is in sight is asked for. */
import type { Browser, Locator, Page } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium, noChromium } from '../kit/chromium.ts'
import { aMillionItems, inventory } from './archivesFixture.ts'
import { aHost, aSnapshot, complaints, looks, seriousViolations, shot } from './kit.ts'
import { askedFor, openStandIn, serveScreens, type Look, type StandIn } from './standIn.ts'

describe.skipIf(noChromium)('the explorer over a million items', () => {
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
  const open = async (look: Look = {}, changes: Partial<StandIn> = {}): Promise<Page> =>
    openStandIn(
      browser,
      screens.url,
      {
        host: aHost(),
        snapshot: aSnapshot({ works: [] }),
        answers: inventory,
        screen: 'archives?show=explorer',
        inPage: aMillionItems,
        ...changes,
      },
      look,
    )
  const allItems = async (page: Page): Promise<Locator> => {
    await page.getByRole('button', { name: 'All items' }).click()
    const grid = page.getByRole('grid', { name: 'Items' })
    await grid.getByRole('row').nth(5).waitFor()
    return grid
  }
  /** First cell of the active row: the item's id. */
  const active = (grid: Locator) => grid.locator('[aria-selected="true"] [role="gridcell"]').first()

  it.each(looks)('has no serious accessibility finding: $name', async (look) => {
    const page = await open(look)
    const heard = complaints(page)
    await page.getByRole('grid', { name: 'Studies' }).getByRole('row').nth(5).waitFor()
    await shot(page, `explorer-${look.name}`)
    const grid = await allItems(page)
    await grid.getByText('2', { exact: true }).first().click()
    await page.getByText('SHA-256').waitFor()
    await shot(page, `explorer-item-${look.name}`)
    expect(await seriousViolations(page)).toEqual([])
    expect(heard).toEqual([])
    await page.context().close()
  })

  it('tells how many rows there are, and holds only those in sight', async () => {
    const page = await open()
    const grid = await allItems(page)
    expect(await grid.getAttribute('aria-rowcount')).toBe('1000001')
    expect(await grid.getByRole('row').count()).toBeLessThan(80)
    await page.context().close()
  })

  it('goes to the end and back by one key each, and asks for no page in between', async () => {
    const page = await open()
    const grid = await allItems(page)
    await grid.focus()
    await page.keyboard.press('End')
    await expect.poll(() => active(grid).textContent()).toBe('999999')
    expect(await grid.locator('[aria-selected="true"]').getAttribute('aria-rowindex')).toBe('1000001')
    await page.keyboard.press('Home')
    await expect.poll(() => active(grid).textContent()).toBe('0')
    expect((await askedFor(page, 'explorer.items')).length).toBeLessThan(8)
    await page.context().close()
  })

  it('shows the right rows where the scroll bar is dragged to', async () => {
    const page = await open()
    const grid = await allItems(page)
    await grid.evaluate((box) => (box.scrollTop = 500_000 * 28))
    await grid.getByText('500003', { exact: true }).waitFor()
    const row = grid.getByRole('row', { name: /500003/ })
    expect(await row.getAttribute('aria-rowindex')).toBe('500005')
    expect(await row.textContent()).toContain('2500')
    await page.context().close()
  })

  it('moves by row and by page, and says which row is active', async () => {
    const page = await open()
    const grid = await allItems(page)
    await grid.focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    expect(await active(grid).textContent()).toBe('2')
    const id = await grid.locator('[aria-selected="true"]').getAttribute('id')
    expect(await grid.getAttribute('aria-activedescendant')).toBe(id)
    await page.keyboard.press('PageDown')
    expect(Number(await active(grid).textContent())).toBeGreaterThan(5)
    await page.keyboard.press('PageUp')
    expect(await active(grid).textContent()).toBe('2')
    await page.context().close()
  })

  it('walks from study to series to item by keyboard alone, and back', async () => {
    const page = await open()
    const studies = page.getByRole('grid', { name: 'Studies' })
    await studies.getByRole('row').nth(5).waitFor()
    await studies.focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    const series = page.getByRole('grid', { name: 'Series' })
    await series.waitFor()
    await series.focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    const items = page.getByRole('grid', { name: 'Items' })
    await items.getByText('250', { exact: true }).waitFor()
    expect((await askedFor(page, 'explorer.items')).at(-1)).toMatchObject({ studyId: 1, series: 1 })
    expect(await items.getAttribute('aria-rowcount')).toBe('51')
    await items.focus()
    await page.keyboard.press('Backspace')
    await series.waitFor()
    await page.context().close()
  })

  it('shows a path only when a person asks for it', async () => {
    const page = await open()
    const grid = await allItems(page)
    await grid.focus()
    await page.keyboard.press('Enter')
    await page.getByText('SHA-256').waitFor()
    expect(await page.getByText('INVENTED^PATIENT').count()).toBe(0)
    await page.getByRole('button', { name: 'Show path' }).click()
    await page.getByText('INVENTED^PATIENT').waitFor()
    await page.context().close()
  })

  it('asks for what a token says, and takes a later token of a kind for the earlier one', async () => {
    const page = await open()
    const filter = page.getByRole('combobox', { name: 'Filter studies and items' })
    const add = async (text: string): Promise<void> => {
      await filter.fill(text)
      await page.keyboard.press('Enter')
    }
    await add('Modality = MR')
    await expect.poll(async () => (await askedFor(page, 'explorer.count')).at(-1)).toMatchObject({ modality: 'MR' })
    await page.getByText('1,000 studies').first().waitFor()
    await add('Year of the study <= 2012')
    await expect
      .poll(async () => (await askedFor(page, 'explorer.count')).at(-1))
      .toMatchObject({ modality: 'MR', yearFrom: null, yearTo: 2012 })
    await add('Modality = CT')
    await expect.poll(async () => (await askedFor(page, 'explorer.count')).at(-1)).toMatchObject({ modality: 'CT', yearTo: 2012 })
    expect(await page.getByRole('button', { name: /^Remove / }).count()).toBe(2)
    await page.context().close()
  })

  it('says that nothing fits, and shows a refusal with a way to try again', async () => {
    const nothing = await open({}, { inPage: () => ({ 'explorer.count': () => ({ items: 0, bytes: 0, studies: 0 }) }) })
    await nothing.getByText('Nothing fits the filter').waitFor()
    await nothing.context().close()
    const refused = await open(
      {},
      {
        inPage: () => ({ 'explorer.count': () => ({ items: 9, bytes: 9, studies: 9 }) }),
        answers: { ...inventory, 'explorer.bookmarks': { fault: 'engine-gone' } },
      },
    )
    await refused.getByText('engine-gone').waitFor()
    await refused.getByRole('button', { name: 'Try again' }).waitFor()
    await refused.context().close()
  })

  it('reaches the last of fifty million rows, beyond what a browser can scroll', async () => {
    const page = await open(
      {},
      {
        inPage: () => {
          const rows = 50_000_000
          const mark = (place: number) => (place === 0 ? null : String(place))
          return {
            'explorer.count': () => ({ items: rows, bytes: rows, studies: 10 }),
            'explorer.bookmarks': ({ every }: { every: number }) => ({
              rows,
              marks: Array.from({ length: Math.min(5000, Math.ceil(rows / every)) }, (_, index) => mark(index * every)),
              more: rows > 5000 * every,
            }),
            'explorer.studies': () => ({ rows: [], next: null }),
            'explorer.items': ({ after, limit }: { after: string | null; limit: number }) => {
              const from = Number(after ?? 0)
              return {
                rows: Array.from({ length: limit }, (_, index) => ({
                  id: from + index,
                  archiveId: 1,
                  studyId: 1,
                  kind: 'file',
                  size: 1,
                  mtime: 0,
                  modality: null,
                  studyDate: null,
                  anomalies: [],
                  route: null,
                  state: null,
                  verdict: null,
                  present: true,
                })),
                next: mark(from + limit),
              }
            },
          }
        },
      },
    )
    const grid = await allItems(page)
    // 5,000 marks, 5,000 rows apart: the rest is behind a filter, and the screen says so.
    await page.getByText(/The first 25,000,000 rows are listed/).waitFor()
    expect(await grid.evaluate((box) => box.scrollHeight)).toBeLessThan(33_554_432)
    await grid.focus()
    await page.keyboard.press('End')
    await expect.poll(() => active(grid).textContent()).toBe('24999999')
    await page.keyboard.press('ArrowUp')
    expect(await active(grid).textContent()).toBe('24999998')
    await grid.evaluate((box) => (box.scrollTop = (box.scrollHeight - box.clientHeight) / 2))
    await expect.poll(async () => Number(await grid.getByRole('row').nth(10).getAttribute('aria-rowindex'))).toBeGreaterThan(12_400_000)
    expect(Number(await grid.getByRole('row').nth(10).getAttribute('aria-rowindex'))).toBeLessThan(12_600_000)
    await page.context().close()
  })
})
