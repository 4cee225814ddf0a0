/**
 * What the explorer costs a person's eyes: a million items in a real Chromium, opened, scrolled without rest, and jumped about in. The pages come from a
 * stand-in within the page itself, so that only the screen is measured. Longest task and dropped frames; a display of 60 Hz is assumed.
 */
import type { Page } from '@playwright/test'
import { buildRenderer } from '../scripts/buildRenderer.mjs'
import { launchChromium, noChromium } from '../tests/kit/chromium.ts'
import { aMillionItems, inventory } from '../tests/ui/archivesFixture.ts'
import { aHost, aSnapshot } from '../tests/ui/kit.ts'
import { openStandIn, serveScreens } from '../tests/ui/standIn.ts'

type Seen = { readonly frames: number; readonly dropped: number; readonly longestFrameMs: number; readonly longestTaskMs: number }

/** Moves the list by `step` pixels in each of `frames` frames, and counts what the eye would miss. */
async function scrolled(page: Page, step: number, frames: number): Promise<Seen> {
  return page.evaluate(
    async ([by, count]) => {
      const box = document.querySelector('.row-grid')
      if (box === null) throw new Error('there is no list')
      let longestTaskMs = 0
      const watcher = new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) longestTaskMs = Math.max(longestTaskMs, duration)
      })
      watcher.observe({ entryTypes: ['longtask'] })
      const times: number[] = []
      await new Promise<void>((done) => {
        const tick = (now: number): void => {
          times.push(now)
          box.scrollTop += by
          if (times.length <= count) requestAnimationFrame(tick)
          else done()
        }
        requestAnimationFrame(tick)
      })
      watcher.disconnect()
      const gaps = times.slice(1).map((time, index) => time - (times[index] ?? time))
      return {
        frames: gaps.length,
        dropped: gaps.reduce((sum, gap) => sum + Math.max(0, Math.round(gap / (1000 / 60)) - 1), 0),
        longestFrameMs: Math.max(...gaps),
        longestTaskMs,
      }
    },
    [step, frames] as const,
  )
}

/** Milliseconds from the jump until the row that belongs there is read out of the list. */
async function jumps(page: Page, places: readonly number[]): Promise<readonly number[]> {
  return page.evaluate(async (rows) => {
    const box = document.querySelector('.row-grid')
    if (box === null) throw new Error('there is no list')
    const took: number[] = []
    for (const row of rows) {
      const begun = performance.now()
      box.scrollTop = row * 28
      for (;;) {
        await new Promise((next) => requestAnimationFrame(next))
        const shown = box.querySelector(`[aria-rowindex="${row + 5}"] [role="gridcell"]`)
        if (shown?.textContent === String(row + 3)) break
        if (performance.now() - begun > 30_000) throw new Error('the rows did not come')
      }
      took.push(performance.now() - begun)
    }
    return took
  }, places)
}

async function run(): Promise<void> {
  if (noChromium) {
    console.log('SKIPPED: there is no Chromium on this machine')
    return
  }
  await buildRenderer({ quiet: true })
  const browser = await launchChromium()
  const screens = await serveScreens()
  try {
    const page = await openStandIn(browser, screens.url, {
      host: aHost(),
      snapshot: aSnapshot({ works: [] }),
      answers: inventory,
      screen: 'archives?show=explorer',
      inPage: aMillionItems,
    })
    const all = page.getByRole('button', { name: 'All items' })
    await all.waitFor()
    const begun = performance.now()
    await all.click()
    await page.getByRole('grid', { name: 'Items' }).getByRole('row').nth(5).waitFor()
    console.log(`opened             1,000,000 items in ${Math.round(performance.now() - begun)} ms`)
    const say = (name: string, { frames, dropped, longestFrameMs, longestTaskMs }: Seen): void =>
      console.log(
        `${name.padEnd(18)} ${frames} frames, ${dropped} dropped, longest frame ${longestFrameMs.toFixed(0)} ms, longest task ${
          longestTaskMs === 0 ? 'under 50' : longestTaskMs.toFixed(0)
        } ms`,
      )
    say('standing still', await scrolled(page, 0, 300))
    say('read along', await scrolled(page, 40, 600))
    say('flung', await scrolled(page, 2800, 600))
    const places = Array.from({ length: 40 }, (_, index) => (index * 611_953) % 990_000)
    const took = (await jumps(page, places)).toSorted((a, b) => a - b)
    console.log(
      `jumped             40 times; rows shown after ${Math.round(took[20] ?? 0)} ms (median), ${Math.round(took.at(-1) ?? 0)} ms (slowest)`,
    )
    const heap = await page.evaluate(
      () => (performance as Performance & { memory?: { usedJSHeapSize: number } }).memory?.usedJSHeapSize ?? 0,
    )
    console.log(`memory             ${Math.round(heap / 1e6)} MB of JavaScript heap afterwards`)
  } finally {
    await browser.close()
    await screens.close()
  }
}

await run()
