/** The console with the real engine: a rehearsal to its end over HTTP and WebSocket, and the engine killed in the middle of it. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { exitCodes } from '../../main/cli/exitCodes.ts'
import { systemClock } from '../../main/engine/world.ts'
import { forkChild } from '../../main/hosting/forkChild.ts'
import type { HostState } from '../../shared/contract/hostState.ts'
import type { Snapshot } from '../../shared/contract/snapshot.ts'
import { aConsole, get, openScreenClient, type ScreenClient, type TestConsole } from '../kit/consoleClient.ts'

const firn = resolve(import.meta.dirname, '../../main/cli/firn.ts')
let started: ChildProcess[] = []
let console: TestConsole
let cookie: string
beforeEach(async () => {
  console = await aConsole({ startChild: forkChild(), clock: systemClock })
  cookie = await console.enter()
})
afterEach(async () => {
  for (const child of started) child.kill('SIGKILL')
  started = []
  await console.end()
})

const snapshotWhere = (client: ScreenClient, good: (snapshot: Snapshot) => boolean) =>
  client.topic('snapshot', (value) => good(value as Snapshot)) as Promise<Snapshot>
const hostWhere = (client: ScreenClient, good: (host: HostState) => boolean) =>
  client.topic('host', (value) => good(value as HostState)) as Promise<HostState>
const over = ({ migration }: Snapshot) =>
  migration?.works.some((work) => work.kind === 'rehearsal' && work.state !== 'running' && work.endedAt !== null) === true

async function rehearse(client: ScreenClient, instances: number): Promise<void> {
  await hostWhere(client, ({ engine }) => engine.state === 'running')
  expect(await client.ask('migrations.rehearse', { instances, speed: 1_000_000 })).toMatchObject({
    ok: true,
    value: { kind: 'rehearsal', state: 'open' },
  })
  expect(await client.ask('works.start', { kind: 'rehearsal' })).toMatchObject({ ok: true })
}

async function provenIn(client: ScreenClient): Promise<void> {
  // Figures are counted now and then: the last count may come after the end.
  const { migration } = await snapshotWhere(client, (snapshot) => over(snapshot) && (snapshot.migration?.totals.verified.items ?? 0) > 0)
  expect(migration?.works.find((work) => work.kind === 'rehearsal')).toMatchObject({ state: 'done' })
  expect(migration?.verdicts).toMatchObject({ mismatch: 0, missing: 0 })
  expect(migration?.totals.waiting.items).toBe(0)
}

test('a rehearsal runs to its end, and its report opens for the session that asked', async () => {
  const client = await openScreenClient(console.port, { cookie })
  await rehearse(client, 40)
  await provenIn(client)
  const listed = await client.ask('evidence.list')
  const [bundle] = listed.ok ? (listed.value as { bundles: { bundle: string }[] }).bundles : []
  const opened = await client.ask('host.openReport', { bundle: bundle?.bundle ?? '' })
  const url = opened.ok ? (opened.value as { url: string }).url : ''
  const report = await get(console.port, url, { cookie })
  expect(report.status).toBe(200)
  expect(report.body).toContain('Evidence: ')
  expect(report.headers['content-security-policy']).toContain("style-src 'sha256-")
})

test('an engine that is killed in the middle is shown, started again, and the work goes on to its end', async () => {
  const client = await openScreenClient(console.port, { cookie })
  await rehearse(client, 300)
  const before = await snapshotWhere(
    client,
    ({ migration }) => migration !== null && migration.works.some(({ kind, items }) => kind === 'rehearsal' && items > 0),
  )
  process.kill(before.engine.pid, 'SIGKILL')
  const host = await hostWhere(client, ({ engine }) => engine.restarts === 1 && engine.state === 'running')
  expect(host.engine.lastEnd).toMatchObject({ how: 'SIGKILL' })
  const after = await snapshotWhere(client, ({ engine, migration }) => engine.pid !== before.engine.pid && migration !== null)
  expect(after.migration?.id).toBe(before.migration?.id)
  await provenIn(client)
})

test('a console that ends by itself ends its engine cleanly', async () => {
  const client = await openScreenClient(console.port, { cookie })
  await rehearse(client, 300)
  const { engine } = await snapshotWhere(client, ({ migration }) => migration?.works.some((work) => work.state === 'running') === true)
  await console.close()
  expect(() => process.kill(engine.pid, 0)).toThrow('ESRCH')
  expect(console.host.state().engine).toMatchObject({ state: 'stopped', lastEnd: null })
})

test('a console that is killed leaves no engine behind; the next one goes on with the work', async () => {
  const home = join(console.made, 'another')
  const first = await startCommand(home)
  const client = await openScreenClient(first.port, { cookie: first.cookie })
  await rehearse(client, 300)
  const { engine } = await snapshotWhere(client, ({ migration }) => migration?.works.some(({ items }) => items > 0) === true)
  first.child.kill('SIGKILL')
  await expect.poll(() => isThere(engine.pid), { timeout: 120_000 }).toBe(false)

  const second = await startCommand(home)
  const again = await openScreenClient(second.port, { cookie: second.cookie })
  await hostWhere(again, (host) => host.engine.state === 'running')
  const listed = await again.ask('migrations.list')
  const [known] = listed.ok ? (listed.value as { migrations: { id: string }[] }).migrations : []
  expect(await again.ask('migrations.open', { id: known?.id ?? '' })).toMatchObject({ ok: true, value: { state: 'open' } })
  await provenIn(again)
  const ended = once(second.child, 'exit')
  second.child.kill('SIGTERM')
  expect(await ended).toEqual([exitCodes.stopped, null])
})

/** firn console as a process of its own, with a session. */
async function startCommand(home: string) {
  const child = spawn(process.execPath, [firn, 'console', '--json', '--home', home], { stdio: ['ignore', 'pipe', 'ignore'] })
  started.push(child)
  let out = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  while (!out.includes('\n')) await once(child.stdout, 'data')
  const url = new URL((JSON.parse(out) as { url: string }).url)
  const port = Number(url.port)
  const { headers } = await get(port, `${url.pathname}${url.search}`)
  return { child, port, cookie: headers['set-cookie']?.[0]?.split(';')[0] ?? '' }
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
