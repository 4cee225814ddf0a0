/** The application as a person on a server meets it: the real console, its real engine, and a real Chromium in front of them. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Browser, BrowserContext, Locator, Page } from '@playwright/test'
import { launchChromium } from '../kit/chromium.ts'

const firn = resolve(import.meta.dirname, '../../main/cli/firn.ts')
/** The simulated days of a device pass within a second. */
export const fastest = '1000000'
export const shortly = 60_000

export type Application = {
  readonly page: Page
  readonly context: BrowserContext
  readonly console: ChildProcess
  /** What the page complained about: errors, and what its policy refused. */
  readonly complaints: readonly string[]
  enginePid(): number | undefined
  close(): Promise<void>
}

export async function openApplication(): Promise<Application> {
  const home = mkdtempSync(join(tmpdir(), 'firn-application-'))
  const child = spawn(process.execPath, [firn, 'console', '--json', '--no-open', '--home', home], { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text))
  while (!said.includes('\n')) await Promise.race([once(child.stdout, 'data'), once(child, 'exit').then(ended)])
  const { url } = JSON.parse(said) as { readonly url: string }
  let browser: Browser | undefined
  try {
    browser = await launchChromium()
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB', reducedMotion: 'reduce' })
    const page = await context.newPage()
    page.setDefaultTimeout(shortly)
    const complaints: string[] = []
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
    await page.goto(url)
    return {
      page,
      context,
      console: child,
      complaints,
      enginePid: () => childrenOf(child.pid ?? 0).find((pid) => commandOf(pid).includes('engine/entry')),
      async close() {
        await browser?.close()
        if (child.exitCode === null && child.signalCode === null) {
          child.kill('SIGTERM')
          await once(child, 'exit')
        }
        rmSync(home, { recursive: true, force: true })
      },
    }
  } catch (error) {
    await browser?.close()
    child.kill('SIGKILL')
    rmSync(home, { recursive: true, force: true })
    throw error
  }
}

function ended(): never {
  throw new Error('the console ended before it listened')
}

function childrenOf(pid: number): readonly number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number),
  )
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}

/** How somebody works: with the mouse, or with the keyboard alone. */
export type Hand = {
  /** Presses a button, a link, a box. */
  press(target: Locator): Promise<void>
  /** Replaces what stands in a field. */
  fill(target: Locator, text: string): Promise<void>
  goTo(screen: string): Promise<void>
}

export function mouse(page: Page): Hand {
  return {
    press: (target) => target.click(),
    fill: (target, text) => target.fill(text),
    goTo: (screen) =>
      page
        .getByRole('navigation')
        .getByRole('link', { name: new RegExp(`^${screen}`) })
        .click(),
  }
}

const letters: Readonly<Record<string, string>> = { Overview: 'o', Plan: 'p', Devices: 'd', Share: 's', Verification: 'v', Evidence: 'e' }
const mostTabs = 300

/** Never touches the mouse: what Tab does not reach, is not reached. */
export function keyboard(page: Page): Hand {
  const reach = async (target: Locator): Promise<void> => {
    await target.waitFor()
    for (let tabs = 0; tabs < mostTabs; tabs += 1) {
      if (await target.evaluate((element) => element === document.activeElement)) return
      await page.keyboard.press('Tab')
    }
    throw new Error(`the keyboard does not reach ${String(target)}`)
  }
  /** Tab reaches the group, arrows the button in it. */
  const choose = async (radio: Locator): Promise<void> => {
    const name = await radio.getAttribute('name')
    await reach(page.locator(`input[type=radio][name="${name ?? ''}"]:checked`))
    for (let arrows = 0; arrows < 10 && !(await radio.isChecked()); arrows += 1) await page.keyboard.press('ArrowDown')
  }
  return {
    async press(target) {
      const type = await target.evaluate((element) => (element instanceof HTMLInputElement ? element.type : 'button'))
      if (type === 'radio') return choose(target)
      await reach(target)
      await page.keyboard.press(type === 'button' ? 'Enter' : 'Space')
    },
    async fill(target, text) {
      await reach(target)
      await page.keyboard.press('ControlOrMeta+a')
      await page.keyboard.type(text)
    },
    async goTo(screen) {
      await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
      await page.keyboard.press('g')
      await page.keyboard.press(letters[screen] ?? '')
    },
  }
}
