/** The console in a real Chromium: a link gets in, what other pages try does not, and a report looks as it does in its file. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Browser, Page } from '@playwright/test'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../main/engine/world.ts'
import { reportStyle } from '../../main/evidence/reportStyle.ts'
import { launchChromium, noChromium } from '../kit/chromium.ts'
import { aConsole, type TestConsole } from '../kit/consoleClient.ts'
import { standInChildren, type StandInChildren } from '../kit/standInChild.ts'

/** A page of somebody else's. */
let elsewhere: Server
let elsewhereUrl: string
let browser: Browser
let console: TestConsole
let children: StandInChildren
let page: Page
let violations: string[]

describe.skipIf(noChromium)('a browser', () => {
  beforeAll(async () => {
    browser = await launchChromium()
    elsewhere = createServer((_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>elsewhere</p>'))
    await new Promise<void>((done) => elsewhere.listen(0, '127.0.0.1', done))
    elsewhereUrl = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`
  })
  afterAll(async () => {
    await browser.close()
    elsewhere.close()
  })
  beforeEach(async () => {
    children = standInChildren()
    console = await aConsole({ startChild: children.start, clock: systemClock })
    page = await (await browser.newContext()).newPage()
    violations = []
    page.on('console', (message) => {
      if (/Content Security Policy/i.test(message.text())) violations.push(message.text())
    })
  })
  afterEach(async () => {
    await page.context().close()
    await console.end()
  })

  /** What a page gets of the bridge: the close code, or that it opened. */
  const bridge = (from: Page) =>
    from.evaluate(
      (url) =>
        new Promise((resolve) => {
          const socket = new WebSocket(url)
          socket.addEventListener('message', () => resolve('told'))
          socket.addEventListener('close', ({ code }) => resolve(code))
        }),
      `ws://127.0.0.1:${console.port}/bridge`,
    )

  test('gets in by a link and reaches the bridge; no script sees the cookie', async () => {
    await page.goto(console.server.newLink())
    expect(page.url()).toBe(`http://127.0.0.1:${console.port}/`)
    expect(await page.evaluate(() => document.cookie)).toBe('')
    expect(await bridge(page)).toBe('told')
  })

  test('gets in by a link on another page too', async () => {
    await page.goto(elsewhereUrl)
    await page.setContent(`<a href="${console.server.newLink()}">Firn</a>`)
    await page.click('a')
    await page.waitForURL(`http://127.0.0.1:${console.port}/`)
    expect(await bridge(page)).toBe('told')
  })

  test('that is logged in gives another page nothing: no bridge, no answer, no script, no window', async () => {
    await page.goto(console.server.newLink())
    const other = await page.context().newPage()
    await other.goto(elsewhereUrl)
    expect(await bridge(other)).toBe(1006)
    const reached = await other.evaluate(async (url) => {
      const answered = await fetch(url, { credentials: 'include' }).then(
        () => 'answered',
        () => 'refused',
      )
      const script = await new Promise((resolve) => {
        const element = document.createElement('script')
        element.src = `${url}assets/start.js`
        element.addEventListener('load', () => resolve('loaded'))
        element.addEventListener('error', () => resolve('refused'))
        document.head.append(element)
      })
      return { answered, script }
    }, `http://127.0.0.1:${console.port}/`)
    expect(reached).toEqual({ answered: 'refused', script: 'refused' })
    const answered = page
      .context()
      .waitForEvent('response', (response) => new URL(response.url()).pathname === '/' && response.status() === 403)
    await other.evaluate((url) => void window.open(url), `http://127.0.0.1:${console.port}/`)
    await answered
    expect(await bridge(page)).toBe('told')
  })

  test('shows a report in its own looks, and runs nothing in it', async () => {
    const folder = join(console.made, 'migration')
    mkdirSync(join(folder, 'evidence', 'bundle', 'data'), { recursive: true })
    const html = `<!doctype html><html><head><title>Evidence</title><style>\n          ${reportStyle}\n        </style></head>
<body><section class="standing green">Proven</section><script>document.title = 'run'</script></body></html>`
    writeFileSync(join(folder, 'evidence', 'bundle', 'data', 'report.html'), html)
    await page.goto(console.server.newLink())
    await expect.poll(() => console.host.state().engine.state).toBe('running')
    children.last().say({ kind: 'opened', open: 'one', folder })
    const opened = await page.evaluate(
      (url) =>
        new Promise<string>((resolve) => {
          const socket = new WebSocket(url)
          socket.addEventListener('open', () => socket.send('{"kind":"call","id":1,"name":"host.openReport","input":{"bundle":"bundle"}}'))
          socket.addEventListener('message', ({ data }: MessageEvent<string>) => {
            const message = JSON.parse(data) as { kind: string; reply: { value: { url: string } } }
            if (message.kind === 'reply') resolve(message.reply.value.url)
          })
        }),
      `ws://127.0.0.1:${console.port}/bridge`,
    )
    violations = []
    await page.goto(new URL(opened, page.url()).href)
    expect(await page.title()).toBe('Evidence')
    expect(await page.locator('.standing').evaluate((element) => getComputedStyle(element).borderLeftWidth)).toBe('6px')
    expect(violations.filter((text) => !/script/i.test(text))).toEqual([])
    expect(violations).toHaveLength(1)
  })
})
