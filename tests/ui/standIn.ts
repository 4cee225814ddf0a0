/**
 * A stand-in for the host, named as such: the built screens in a real Chromium, with canned answers on window.bridge, for states that are hard to bring about.
 * Every canned answer is checked against the contract, so that none shows what no engine would say.
 */
import { readFileSync, statSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize, resolve } from 'node:path'
import type { Browser, Page } from '@playwright/test'
import { calls, topics, type Answer, type CallName, type Topic } from '../../shared/contract/bridge.ts'
import type { ChosenPath } from '../../shared/contract/calls/call.ts'
import { catalogue, type FaultCode } from '../../shared/faults/catalogue.ts'

export const builtRenderer = resolve(import.meta.dirname, '../../out/renderer')

/** Either the answer, or the code of the fault that is answered instead, or never an answer (`loading`). */
export type Canned = { readonly [Name in CallName]?: Answer<Name> | { readonly fault: FaultCode } | 'loading' }
export type StandIn = {
  readonly answers: Canned
  readonly snapshot?: Topic<'snapshot'>
  readonly host: Topic<'host'>
  readonly screen?: string
  /** How the window is connected at first; open when nothing is said. */
  readonly connection?: 'connecting' | 'open' | 'lost' | 'ended'
  /** What a folder that is dropped on the window is; a host that does not know, when nothing is said. */
  readonly drops?: ChosenPath
  /** Runs in the page before anything of it: answers by a function, for what is too long to be canned. It must not refer to anything outside of itself. */
  readonly inPage?: () => Readonly<Partial<Record<CallName, (input: never) => unknown>>>
}
export type Look = { readonly mode?: 'light' | 'dark'; readonly width?: number; readonly height?: number; readonly language?: 'en' | 'de' }

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; font-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

export async function serveScreens(): Promise<{ readonly url: string; close(): Promise<void> }> {
  statSync(join(builtRenderer, 'index.html'))
  const server: Server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://screens').pathname)
    try {
      const body = readFileSync(join(builtRenderer, path === '/' ? 'index.html' : path))
      response.writeHead(200, {
        'content-type': types[extname(path === '/' ? '.html' : path)] ?? 'text/html',
        'content-security-policy': policy,
      })
      response.end(body)
    } catch {
      response.writeHead(404).end()
    }
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections()
        server.close(() => done())
      }),
  }
}

function checked({ answers, snapshot, host }: StandIn) {
  const replies: Record<string, unknown> = {}
  for (const [name, canned] of Object.entries(answers)) {
    if (canned === 'loading') continue
    if (
      typeof canned === 'object' &&
      canned !== null &&
      'fault' in canned &&
      Object.keys(canned).length === 1 &&
      typeof canned.fault === 'string' &&
      canned.fault in catalogue
    ) {
      const { retry } = catalogue[canned.fault as FaultCode]
      replies[name] = { ok: false, fault: { code: canned.fault, retry, facts: {} } }
      continue
    }
    replies[name] = { ok: true, value: calls[name as CallName].answer.parse(canned) }
  }
  return {
    replies,
    loading: Object.keys(answers).filter((name) => answers[name as CallName] === 'loading'),
    snapshot: snapshot === undefined ? null : topics.snapshot.parse(snapshot),
    host: topics.host.parse(host),
  }
}

/** What was asked is kept in window.asked, for tests to read. An uncanned call is answered with unknown-call. */
export async function openStandIn(browser: Browser, url: string, standIn: StandIn, look: Look = {}): Promise<Page> {
  const { mode = 'light', width = 1280, height = 800, language = 'en' } = look
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: mode,
    locale: language === 'de' ? 'de-DE' : 'en-US',
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  if (standIn.inPage !== undefined) await page.addInitScript(`window.computed = (${standIn.inPage.toString()})()`)
  await page.addInitScript(
    (canned) => {
      const asked: { name: string; input: unknown; calledBack: boolean }[] = []
      const listeners: { topic: string; tell: (value: unknown) => void }[] = []
      const watching = new Set<(connection: unknown) => void>()
      const topics: Record<string, unknown> = { host: canned.host, snapshot: canned.snapshot }
      let connection = { state: canned.connection, since: Date.now() }
      const say = ({ topic, tell }: (typeof listeners)[number]): void => {
        const value = topics[topic]
        if (value === null || typeof value !== 'object' || connection.state === 'connecting') return
        tell(topic === 'snapshot' ? { ...value, at: Date.now() } : value)
      }
      setInterval(() => {
        if (connection.state === 'open') listeners.forEach(say)
      }, 1000)
      const bridge = {
        call: (name: string, input: unknown, onAbort?: (cancel: () => void) => void) => {
          const one = { name, input, calledBack: false }
          asked.push(one)
          onAbort?.(() => (one.calledBack = true))
          const computed = (window as { computed?: Record<string, (given: unknown) => unknown> }).computed?.[name]
          if (computed !== undefined) return Promise.resolve({ ok: true, value: computed(input) })
          if (canned.loading.includes(name)) return new Promise(() => undefined)
          return Promise.resolve(canned.replies[name] ?? { ok: false, fault: { code: 'unknown-call', retry: 'never', facts: { name } } })
        },
        listen: (topic: string, tell: (value: unknown) => void) => {
          const one = { topic, tell }
          listeners.push(one)
          say(one)
          return () => void listeners.splice(listeners.indexOf(one), 1)
        },
        connection: (tell: (connection: unknown) => void) => {
          watching.add(tell)
          tell(connection)
          return () => void watching.delete(tell)
        },
        ...(canned.drops === null ? {} : { dropped: () => Promise.resolve(canned.drops) }),
      }
      const standIn = {
        tell: (topic: string, value: unknown) => {
          topics[topic] = value
          listeners.filter((one) => one.topic === topic).forEach(say)
        },
        answer: (name: string, value: unknown) => {
          canned.replies[name] = { ok: true, value }
          canned.loading = canned.loading.filter((one) => one !== name)
        },
        connect: (state: 'connecting' | 'open' | 'lost' | 'ended') => {
          connection = { state, since: Date.now() }
          for (const tell of watching) tell(connection)
          if (state === 'open') listeners.forEach(say)
        },
      }
      Object.assign(window, { bridge, asked, standIn })
    },
    { ...checked(standIn), connection: standIn.connection ?? 'open', drops: standIn.drops ?? null },
  )
  await page.goto(standIn.screen === undefined ? url : `${url}#${standIn.screen}`)
  return page
}

type Controls = {
  readonly standIn: { tell(topic: string, value: unknown): void; answer(name: string, value: unknown): void; connect(state: string): void }
}

/** From now on the stand-in tells this. */
export async function tell<Name extends keyof typeof topics>(page: Page, topic: Name, value: Topic<Name>): Promise<void> {
  const told = topics[topic].parse(value)
  await page.evaluate(([name, to]) => (window as unknown as Controls).standIn.tell(name, to), [topic, told] as const)
}

export async function connect(page: Page, state: NonNullable<StandIn['connection']>): Promise<void> {
  await page.evaluate((to) => (window as unknown as Controls).standIn.connect(to), state)
}

/** What the screens asked for so far, by the name of the call. */
export async function askedFor(page: Page, name: CallName): Promise<readonly unknown[]> {
  const asked = await page.evaluate(() => (window as unknown as { readonly asked: readonly { name: string; input: unknown }[] }).asked)
  return asked.filter((one) => one.name === name).map(({ input }) => input)
}

/** How many of these questions were called back before they were answered, or after. */
export async function calledBack(page: Page, name: CallName): Promise<number> {
  const asked = await page.evaluate(() => (window as unknown as { readonly asked: readonly { name: string; calledBack: boolean }[] }).asked)
  return asked.filter((one) => one.name === name && one.calledBack).length
}

/** From now on this is answered. */
export async function answerFrom<Name extends CallName>(page: Page, name: Name, answer: Answer<Name>): Promise<void> {
  const value: unknown = calls[name].answer.parse(answer)
  await page.evaluate(([to, given]) => (window as unknown as Controls).standIn.answer(to, given), [name, value] as const)
}
