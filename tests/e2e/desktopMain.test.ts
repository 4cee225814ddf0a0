/** The main process as it is built, under plain Node.js with Electron stood in: it boots, serves its page, starts the real engine, and ends with it. */
import { fork, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildAll } from '../../scripts/build.mjs'
import type { Answer } from '../../shared/contract/bridge.ts'
import { scratch } from '../kit/firn.ts'
import type { FromTest } from '../kit/electronModule.ts'

const root = resolve(import.meta.dirname, '../..')
const place = scratch('desktop-main')
const home = join(place.folder, 'home')
let main: ChildProcess
let said = ''
let lastId = 0

type Asked = { [Kind in FromTest['do']]: Omit<Extract<FromTest, { do: Kind }>, 'id'> }[FromTest['do']]
function ask(message: Asked): Promise<unknown> {
  lastId += 1
  const id = lastId
  return new Promise((done, fail) => {
    const hear = (answer: { id: number; value: unknown }): void => {
      if (answer.id !== id) return
      main.off('message', hear)
      done(answer.value)
    }
    main.on('message', hear)
    main.setMaxListeners(0)
    main.once('exit', () => fail(new Error(`it ended: ${said}`)))
    main.send({ ...message, id })
  })
}
const call = (name: string, input: object = {}): Promise<unknown> => ask({ do: 'call', name, input })
async function hostState(): Promise<Answer<'host.state'>> {
  return ((await call('host.state')) as { value: Answer<'host.state'> }).value
}

beforeAll(async () => {
  await buildAll({ quiet: true })
  main = fork(join(root, 'out/main/app/start.js'), [], {
    execArgv: ['--import', join(root, 'tests/kit/electronHooks.ts')],
    env: { ...process.env, FIRN_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  for (const stream of [main.stdout, main.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => (said += text))
}, 300_000)
afterAll(() => {
  main.kill('SIGKILL')
  place.remove()
})

test('it opens its window, having said what has to be said before Electron is ready, in this order', async () => {
  await expect.poll(() => ask({ do: 'window' }), { timeout: 60_000 }).toMatchObject({ loaded: ['firn-app://app/'], menu: true })
  const { early } = (await ask({ do: 'window' })) as { early: [string][] }
  expect(early.map(([what]) => what)).toEqual(['path', 'path', 'crashes', 'sandbox', 'id', 'scheme'])
})

test('it serves the built screens by its scheme, under the policy, and nothing beside them', async () => {
  const page = (await ask({ do: 'fetch', url: 'firn-app://app/' })) as { status: number; policy: string; text: string }
  expect(page.status).toBe(200)
  expect(page.policy).toContain("script-src 'self'; style-src 'self'")
  expect(page.text).not.toMatch(/<script>|<style>|style=/)
  const assets = [...page.text.matchAll(/(?:src|href)="\.\/([^"]+)"/g)].map(([, path]) => `firn-app://app/${path}`)
  expect(assets.length).toBeGreaterThan(1)
  for (const url of assets) expect(await ask({ do: 'fetch', url }), url).toMatchObject({ status: 200 })
  expect(await ask({ do: 'fetch', url: 'firn-app://app/../main/app/start.js' })).toMatchObject({ status: 404 })
  expect(await ask({ do: 'fetch', url: 'firn-app://app/wallboard.html' })).toMatchObject({ status: 404 })
})

test('it starts the built engine, which answers through it and opens again what was open when it is restarted', async () => {
  await expect.poll(async () => (await hostState()).engine.state, { timeout: 60_000 }).toBe('running')
  expect(await call('migrations.list')).toMatchObject({ ok: true, value: { migrations: [] } })
  expect(await call('migrations.rehearse', { instances: 10 })).toMatchObject({ ok: true, value: { state: 'open' } })
  const log = () => readFileSync(join(home, 'engine.log'), 'utf8')
  const begun = () => log().match(/"code":"begun"/g)?.length
  expect(begun()).toBe(1)
  await call('host.restartEngine')
  await expect.poll(begun, { timeout: 60_000 }).toBe(2)
  await expect.poll(async () => (await hostState()).engine.state, { timeout: 60_000 }).toBe('running')
  expect(await call('migrations.summary')).toMatchObject({ ok: true, value: { kind: 'rehearsal' } })
})

test('it quits when asked while nothing is in flight, and its engine with it', async () => {
  await call('works.pauseAll')
  // While something is, it asks, and the person stays.
  const quit = (): number | null => {
    if (main.connected) main.send({ do: 'quit' })
    return main.exitCode
  }
  await expect.poll(quit, { timeout: 60_000, interval: 500 }).toBe(0)
  expect(said).toBe('')
  expect(readFileSync(join(home, 'engine.log'), 'utf8')).toContain('"code":"ended"')
})
