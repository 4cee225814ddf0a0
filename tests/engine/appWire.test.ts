/** The engine's process on its wire: what it refuses, how it ends, and what it leaves behind. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { Input } from '../../shared/contract/bridge.ts'
import { largestRequest } from '../../shared/contract/wire.ts'
import { lookInto } from '../../main/engine/migrationFolder.ts'
import { begunEngine, startEngine, tokenFor } from '../kit/engineProcess.ts'
import { scratch } from '../kit/firn.ts'

const place = scratch('app-wire')
afterAll(() => place.remove())

let homes = 0
function newHome(): string {
  homes += 1
  return join(place.folder, `home-${homes}`)
}
const logOf = (home: string): string => readFileSync(join(home, 'engine.log'), 'utf8')

test('what is malformed, unknown or too long is refused by name, and the engine goes on', async () => {
  const home = newHome()
  const engine = await begunEngine(home)
  expect(await engine.refused('constructor', {})).toBe('unknown-call')
  expect(await engine.refused('host.state', {})).toBe('unknown-call')
  expect(await engine.refused('migrations.open', { id: 7 })).toBe('bad-input')
  expect(await engine.refused('migrations.open', { id: 'x', folder: '/etc' })).toBe('bad-input')
  expect(await engine.refused('migrations.open', { id: 'nobody' })).toBe('not-a-migration')
  expect(await engine.refused('migrations.openFolder', { folder: tokenFor('/patients/Mustermann').token })).toBe('place-unknown')
  expect(await engine.refused('migrations.list', { padding: 'x'.repeat(largestRequest) })).toBe('message-refused')
  const withKeys = { region: 'eu-central-1', access: { kind: 'keys', name: 'imaging' }, bucket: null }
  expect(await engine.refused('aws.test', withKeys)).toBe('keys-not-given')
  for (const nonsense of ['text', 7, null, [], { kind: 'start' }, { kind: 'call', id: -1, name: 'migrations.list' }]) engine.post(nonsense)
  expect((await engine.ask('migrations.list', {})).migrations).toEqual([])
  expect(await engine.end()).toBe(0)
  expect(logOf(home).match(/"message-refused"/g)?.length).toBeGreaterThanOrEqual(6)
  expect(logOf(home)).not.toMatch(/Mustermann|\/etc/)
})

test('every call that needs a migration says that none is open', async () => {
  const engine = await begunEngine(newHome())
  for (const [name, input] of [
    ['archives.list', {}],
    ['devices.list', {}],
    ['works.start', { kind: 'scan' }],
    ['share.state', {}],
    ['evidence.list', {}],
    ['migrations.summary', {}],
  ] as const)
    expect(await engine.refused(name, input)).toBe('no-migration-open')
  expect((await engine.ask('diagnostics.checkup', {})).steps.map(({ state }) => state)).toEqual(['good', 'good'])
  await engine.end()
})

test('a rehearsal is one migration for one engine, and its place on the list says who has it', async () => {
  const home = newHome()
  const engine = await begunEngine(home)
  const made = await engine.ask('migrations.rehearse', { instances: 10 })
  expect(made).toMatchObject({ kind: 'rehearsal', state: 'open' })
  expect(await engine.over('prepare')).toMatchObject({ state: 'done' })

  const other = await begunEngine(home)
  expect((await other.ask('migrations.list', {})).migrations).toMatchObject([{ id: made.id, state: 'held' }])
  expect(await other.refused('migrations.open', { id: made.id })).toBe('journal-held')
  const [chosen, around] = [tokenFor(made.label), tokenFor(join(made.label, '..'))]
  expect(await other.refused('migrations.openFolder', { folder: chosen.token }, chosen)).toBe('journal-held')

  expect(await engine.ask('migrations.close', {})).toEqual({})
  expect((await engine.ask('migrations.list', {})).migrations).toMatchObject([{ id: made.id, state: 'closed' }])
  expect(await other.ask('migrations.openFolder', { folder: around.token }, around)).toMatchObject({ id: made.id, state: 'open' })
  expect(await other.ask('migrations.open', { id: made.id })).toMatchObject({ id: made.id, state: 'open' })
  expect(await other.end()).toBe(0)
  expect(await engine.end()).toBe(0)
})

test('told to end, or by SIGTERM, it stops what runs, closes the journal and says 0', async () => {
  const home = newHome()
  for (const how of ['end', 'SIGTERM'] as const) {
    const engine = await begunEngine(home)
    // Making so many takes long enough for a snapshot to tell that it runs.
    const { label } = await engine.ask('migrations.rehearse', { instances: 10_000 })
    await engine.until(({ migration }) => migration?.works.some(({ kind, state }) => kind === 'prepare' && state === 'running') ?? false)
    if (how === 'end') engine.post({ kind: 'end' })
    else engine.child.kill('SIGTERM')
    expect(await engine.ended).toBe(0)
    expect(existsSync(join(label, 'journal.db-wal'))).toBe(false)
    const { journal } = lookInto(label)
    expect(journal.checkChain()).toMatchObject({ whole: true })
    journal.close()
  }
})

test('a host that vanishes takes the engine with it, unless it said to go on: then what runs ends first', async () => {
  const stopping = await begunEngine(newHome())
  stopping.child.disconnect()
  expect(await stopping.ended).toBe(0)

  const engine = await begunEngine(newHome())
  engine.post({ kind: 'when-alone', whenAlone: 'go-on' })
  const { label } = await engine.ask('migrations.rehearse', { instances: 20, speed: 600_000 })
  await engine.ask('works.start', { kind: 'rehearsal' })
  engine.child.disconnect()
  expect(await engine.ended).toBe(0)
  expect(readdirSync(join(label, 'evidence'))).toHaveLength(1)
})

test('an error nobody foresaw is logged by its code alone, and ends the process so that the host can start another', async () => {
  const home = newHome()
  const breaks = `process.on('message',m=>{if(m.kind==='break')void Promise.reject(new Error('/patients/Mustermann'))})`
  const engine = await begunEngine(home, null, { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(breaks)}` })
  engine.post({ kind: 'break' })
  expect(await engine.ended).toBe(70)
  expect(logOf(home)).toContain('"rejection"')
  expect(logOf(home)).not.toContain('Mustermann')
})

test('as a utility process it speaks over its parent port, and tells snapshots straight to the port of a window', async () => {
  // A stand-in for Electron's parentPort over the channel of the fork. What the window hears is passed on as a message of its own.
  const parentPort = `
    import { MessageChannel } from 'node:worker_threads'
    const { port1, port2 } = new MessageChannel()
    port2.on('message', ({ kind, topic, value }) => process.send({ kind: 'opened', open: kind + ' ' + topic, folder: String(value.engine.pid) }))
    process.parentPort = {
      on: (event, tell) => process.on(event, (data) => tell({ data, ports: data?.kind === 'port' ? [port1] : [] })),
      postMessage: (message) => process.send(message),
    }`
  const engine = await begunEngine(newHome(), null, { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(parentPort)}` })
  const heard = engine.next('opened')
  engine.post({ kind: 'port' })
  expect(await heard).toMatchObject({ open: 'topic snapshot', folder: String(engine.child.pid) })
  expect((await engine.ask('migrations.list', {})).migrations).toEqual([])
  expect(await engine.end()).toBe(0)
})

test('a host that hangs up before it has begun ends it', async () => {
  const engine = startEngine()
  engine.child.disconnect()
  expect(await engine.ended).toBe(0)
})

test('a list that cannot be read is put aside, and what was open is named when it cannot be opened', async () => {
  const home = newHome()
  mkdirSync(home)
  writeFileSync(join(home, 'migrations.json'), 'no JSON')
  const engine = startEngine()
  const opened = engine.next('opened')
  engine.post({ kind: 'begin', home, open: 'gone' })
  expect(await opened).toMatchObject({ open: null, fault: { code: 'not-a-migration' } })
  expect(await engine.ask('migrations.list', {})).toMatchObject({ migrations: [] })
  expect(existsSync(join(home, 'migrations.json.unreadable'))).toBe(true)
  await engine.end()
})

test('keys of the secret store are asked for by name when a migration is opened, and never written', async () => {
  const home = newHome()
  const archive = join(place.folder, 'archive')
  mkdirSync(archive)
  const root = tokenFor(archive)
  const kept = { accessKeyId: 'AKIAINVENTEDKEYS0001', secretAccessKey: 'an-invented-secret-of-this-test', sessionToken: null }
  const wanted = {
    name: 'Radiology',
    folder: null,
    region: 'eu-central-1',
    access: { kind: 'keys' as const, name: 'imaging' },
    bucket: 'hospital-archive',
    archives: [{ folder: root.token, prefix: 'pacs/' }],
    share: null,
  } satisfies Input<'migrations.create'>
  const engine = await begunEngine(home)
  expect(await engine.refused('migrations.create', wanted, { paths: root.paths })).toBe('keys-not-given')
  const made = await engine.ask('migrations.create', wanted, { paths: root.paths, keys: { imaging: kept } })
  expect(made).toMatchObject({ name: 'Radiology', kind: 'real', state: 'open' })
  expect(await engine.ask('migrations.summary', {})).toMatchObject({ bucket: 'hospital-archive', region: 'eu-central-1', archives: 1 })

  await engine.ask('migrations.close', {})
  for (const [given, code] of [
    [kept, undefined],
    [null, 'keys-not-given'],
  ] as const) {
    const asked = engine.next('keys-wanted')
    const answer = engine.reply('migrations.open', { id: made.id })
    const { ask, name } = await asked
    expect(name).toBe('imaging')
    engine.post({ kind: 'keys', ask, keys: given })
    const reply = await answer
    expect(reply.ok ? undefined : reply.fault.code).toBe(code)
    await engine.ask('migrations.close', {})
  }
  await engine.end()
  const written = readdirSync(home, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(json|log)$/.test(name))
  const text = written.map((name) => readFileSync(join(home, name), 'utf8')).join('\n')
  expect(text).toContain('imaging')
  expect(text).not.toMatch(/AKIAINVENTEDKEYS|an-invented-secret/)
})

test('archives are added one apart from the other, and apart from what Firn writes', async () => {
  const home = newHome()
  const folders = ['first', 'second', 'first/inner'].map((name) => join(place.folder, 'more', name))
  for (const folder of folders) mkdirSync(folder, { recursive: true })
  const [first, second, inner] = folders.map(tokenFor)
  if (first === undefined || second === undefined || inner === undefined) throw new Error('three folders')
  const engine = await begunEngine(home)
  const wanted = { name: 'Two', region: 'eu-central-1', access: { kind: 'default' }, bucket: 'hospital-archive' } as const
  await engine.ask('migrations.create', { ...wanted, archives: [{ folder: first.token, prefix: 'one/' }] }, first)
  const add = (one: typeof first, prefix: string) => engine.refused('archives.add', { folder: one.token, prefix }, one)
  expect(await add(second, 'one/')).toBe('archives-overlap')
  expect(await add(second, 'one/more/')).toBe('archives-overlap')
  expect(await add(second, '')).toBe('archives-overlap')
  expect(await add(inner, 'two/')).toBe('bad-input')
  expect(await add(tokenFor(home), 'two/')).toBe('bad-input')
  expect(await add(tokenFor(join(place.folder, 'nowhere')), 'two/')).toBe('archive-missing')
  const added = await engine.ask('archives.add', { folder: second.token, prefix: 'two/' }, second)
  expect(added).toMatchObject({ prefix: 'two/', bucket: 'hospital-archive', label: folders[1] })
  // A scan that is begun now finds both.
  expect(await engine.work({ kind: 'scan' })).toMatchObject({ state: 'done' })
  await engine.end()
})
