/** The wallboard in a real Chromium, fed by the real listener: what a person in the corridor sees. */
import type { Browser, Page } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBoard, type Board } from '../../main/wallboard/board.ts'
import { launchChromium, noChromium } from '../kit/chromium.ts'
import { testWorld } from '../kit/world.ts'
import { figures, paired, token } from '../unit/wallboardKit.ts'
import { seriousViolations, shot } from './kit.ts'
import { builtRenderer } from './standIn.ts'

let browser: Browser
let board: Board
let url: string

async function listen(port = 0): Promise<void> {
  board = await openBoard({
    address: '127.0.0.1',
    port,
    page: builtRenderer,
    tls: null,
    pairings: [paired],
    now: () => Date.now(),
    random: testWorld().random,
    viewers: () => undefined,
    seen: () => undefined,
    paired: () => undefined,
  })
  url = `http://127.0.0.1:${board.port}/`
}

const running = () => ({
  ...figures,
  at: Date.now(),
  strip: { everyMs: 360_000, rates: Array.from({ length: 240 }, (_, at) => (at % 50 > 44 ? null : 1e8 + 5e7 * Math.sin(at / 9))) },
})

async function open(
  look: { readonly width?: number; readonly height?: number; readonly locale?: string; readonly paired?: boolean } = {},
): Promise<{
  readonly page: Page
  readonly complaints: string[]
}> {
  const context = await browser.newContext({
    viewport: { width: look.width ?? 1920, height: look.height ?? 1080 },
    locale: look.locale ?? 'en-GB',
  })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' && !/401/.test(message.text())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(look.paired === false ? url : `${url}pair/${token}`)
  await page.waitForURL((at) => at.pathname === '/')
  return { page, complaints }
}

describe.skipIf(noChromium)('the wallboard', () => {
  beforeAll(async () => {
    browser = await launchChromium()
    await listen()
  })
  afterAll(async () => {
    await board.close()
    await browser.close()
  })

  test('says how far, how fast, when done and what is stuck, without scrolling', async () => {
    board.figures(running())
    const { page, complaints } = await open()
    const seen = page.getByRole('main')
    await seen.getByText('412 TB of 676 TB verified').waitFor()
    await seen.getByText(/done in 9 to 11.days/).waitFor()
    await seen.getByText(/214 waiting for a person/).waitFor()
    await seen.getByText(/✕ stalled/).waitFor()
    expect(
      await page.evaluate(() => document.documentElement.scrollHeight <= innerHeight && document.documentElement.scrollWidth <= innerWidth),
    ).toBe(true)
    expect(await seriousViolations(page)).toEqual([])
    expect(complaints).toEqual([])
    await shot(page, 'wallboard-1920x1080')
    await page.context().close()
  })

  test('fits a phone', async () => {
    board.figures(running())
    const { page } = await open({ width: 390, height: 844 })
    await page.getByText('412 TB of 676 TB verified').waitFor()
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
    expect(await seriousViolations(page)).toEqual([])
    await shot(page, 'wallboard-phone')
    await page.context().close()
  })

  test('speaks German where the screen does', async () => {
    board.figures(running())
    const { page } = await open({ locale: 'de-DE' })
    await page.getByText('412 TB von 676 TB geprüft').waitFor()
    const text = await page.getByRole('main').innerText()
    expect(text).not.toMatch(/waiting|stalled|loading|verified|next|last/i)
    await page.context().close()
  })

  test('turns grey as a whole and says since when, when no new figures come', async () => {
    board.figures({ ...running(), at: Date.now() - 45_000 })
    const { page } = await open()
    await page.getByText(/stale since \d\d:\d\d/).waitFor()
    expect(await page.getByRole('main').getAttribute('data-state')).toBe('stale')
    expect(await seriousViolations(page)).toEqual([])
    await shot(page, 'wallboard-stale')
    board.figures(running())
    await page.locator('main[data-state="running"]').waitFor()
    await page.context().close()
  })

  test('says that the engine stopped, since when and what to do', async () => {
    board.figures({ ...running(), state: 'broken', since: Date.now() - 600_000 })
    const { page } = await open()
    await page.getByText(/Engine stopped at \d\d:\d\d/).waitFor()
    await page.getByText(/Nothing is lost/).waitFor()
    expect(await seriousViolations(page)).toEqual([])
    await shot(page, 'wallboard-broken')
    await page.context().close()
  })

  test('is quiet when everything is verified', async () => {
    board.figures({
      ...running(),
      state: 'quiet',
      since: Date.now() - 86_400_000,
      verified: figures.inventory,
      waitingForPerson: 0,
      eta: null,
      next: null,
    })
    const { page } = await open()
    await page.getByText(/all verified on/).waitFor()
    await page.getByText(/100.%/).waitFor()
    expect(await seriousViolations(page)).toEqual([])
    await shot(page, 'wallboard-finished')
    await page.context().close()
  })

  test('comes back by itself when the network or the process was gone', async () => {
    board.figures(running())
    const { page } = await open()
    await page.locator('main[data-state="running"]').waitFor()
    const { port } = board
    await board.close()
    await listen(port)
    board.figures({ ...running(), wrong: 3 })
    await page.getByText(/✕ 3 wrong/).waitFor({ timeout: 20_000 })
    await page.context().close()
  })

  test('shows an unpaired screen how to be paired, and pairs it by a code typed on its keyboard', async () => {
    const { plainCode, sha256 } = await import('../../main/hosting/wallboardCodes.ts')
    board.figures(running())
    const { page } = await open({ paired: false, width: 1280, height: 800 })
    await page.getByText('This screen is not paired').waitFor()
    expect(await page.getByRole('main').innerText()).not.toContain('TB')
    await shot(page, 'wallboard-unpaired')
    board.code({ pairingId: paired.id, code: sha256(plainCode('7KQ2-M4XD')), endsAt: Date.now() + 60_000 })
    await page.keyboard.press('Tab')
    await page.keyboard.type('wrong')
    await page.keyboard.press('Enter')
    await page
      .getByRole('alert')
      .getByText(/not valid/)
      .waitFor()
    expect(await seriousViolations(page)).toEqual([])
    await page.keyboard.press('Tab')
    await page.keyboard.type('7kq2 m4xd')
    await page.keyboard.press('Enter')
    await page.getByText('412 TB of 676 TB verified').waitFor()
    await page.context().close()
  })

  test('opens nothing and runs nothing that is not its own', async () => {
    board.figures({ ...running(), title: '<img src=x onerror="document.title=1"><script>document.title=2</script>' })
    const { page } = await open()
    await page.getByRole('heading', { name: /<img src=x/i }).waitFor()
    expect(await page.title()).toBe('Firn wallboard')
    expect(await page.evaluate(() => document.querySelectorAll('img, iframe, a').length)).toBe(0)
    await page.context().close()
  })
})
