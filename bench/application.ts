/**
 * What the application costs whoever sits in front of it: from the start of the console to a first screen that can be used, the way of a question to the
 * engine and back, and what a window holds after an hour of snapshots. Engine, console and Chromium are real; the hour is told as fast as the window takes it.
 */
import type { Page } from '@playwright/test'
import { systemClock } from '../main/engine/world.ts'
import { forkChild } from '../main/hosting/forkChild.ts'
import { buildRenderer } from '../scripts/buildRenderer.mjs'
import { openApplication } from '../tests/e2e/applicationKit.ts'
import { launchChromium, noChromium } from '../tests/kit/chromium.ts'
import { aConsole, openScreenClient } from '../tests/kit/consoleClient.ts'
import { aHost, aSnapshot, aWork } from '../tests/ui/kit.ts'
import { openStandIn, serveScreens, tell } from '../tests/ui/standIn.ts'

/** Four a second, for an hour. */
const snapshots = 14_400

function milliseconds(times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (part: number): string => (sorted[Math.min(Math.floor(sorted.length * part), sorted.length - 1)] ?? 0).toFixed(1)
  return `${at(0.5)} ms median, ${at(0.99)} ms at the 99th percentile, ${at(1)} ms slowest`
}

async function startToInteractive(): Promise<void> {
  for (const what of ['first start', 'second start']) {
    const begun = performance.now()
    const application = await openApplication()
    await application.page.getByRole('button', { name: 'Rehearse with a sample archive' }).click({ trial: true })
    console.log(`${what.padEnd(20)} ${Math.round(performance.now() - begun)} ms from the command to a first screen that can be used`)
    await application.close()
  }
}

async function roundTrips(): Promise<void> {
  const host = await aConsole({ startChild: forkChild(), clock: systemClock })
  try {
    const client = await openScreenClient(host.port, { cookie: await host.enter() })
    await client.topic('host', (value) => (value as { engine: { state: string } }).engine.state === 'running')
    const took: number[] = []
    for (let count = 0; count < 1000; count += 1) {
      const begun = performance.now()
      await client.ask('migrations.list')
      took.push(performance.now() - begun)
    }
    console.log(`${'one question'.padEnd(20)} ${milliseconds(took.slice(100))}`)
    const begun = performance.now()
    for (let round = 0; round < 50; round += 1) await Promise.all(Array.from({ length: 40 }, () => client.ask('migrations.list')))
    console.log(`${'40 at once'.padEnd(20)} ${Math.round(2000 / ((performance.now() - begun) / 1000))} questions a second`)
  } finally {
    await host.end()
  }
}

async function heldBytes(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  await session.detach()
  return usedSize
}

async function hourOfSnapshots(): Promise<void> {
  const browser = await launchChromium()
  const screens = await serveScreens()
  try {
    const page = await openStandIn(browser, screens.url, { host: aHost(), snapshot: aSnapshot(), answers: {}, screen: 'overview' })
    await page.getByRole('heading', { name: 'Whole archive' }).waitFor()
    const held: number[] = [await heldBytes(page)]
    const begun = performance.now()
    for (let count = 1; count <= snapshots; count += 1) {
      const bytes = 4_100_000_000_000 + count * 45_000_000
      await tell(page, 'snapshot', aSnapshot({ works: [aWork({ bytes, items: 8_140_000 + count * 88 })] }))
      if (count % (snapshots / 4) === 0) held.push(await heldBytes(page))
    }
    const each = (performance.now() - begun) / snapshots
    console.log(
      `${'an hour of snapshots'.padEnd(20)} ${held.map((bytes) => (bytes / 1e6).toFixed(1)).join(' → ')} MB held, at the start and after each quarter; ` +
        `${each.toFixed(1)} ms for one, checked, told and drawn`,
    )
  } finally {
    await browser.close()
    await screens.close()
  }
}

if (noChromium) console.log('SKIPPED: there is no Chromium on this machine')
else {
  await buildRenderer({ quiet: true })
  await startToInteractive()
  await roundTrips()
  await hourOfSnapshots()
}
