/** Whatever somebody sends to a console that listens: what is not ours is refused, and nobody else is disturbed. */
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createConnection, type Socket } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { knock } from '../../main/console/door.ts'
import { reportStyle } from '../../main/evidence/reportStyle.ts'
import { largestRequest, mostOpenCalls } from '../../shared/contract/wire.ts'
import { noLimits } from '../../shared/contract/limits.ts'
import { isFault } from '../../shared/faults/fault.ts'
import { aConsole, get, openScreenClient, page, type TestConsole } from '../kit/consoleClient.ts'
import { heldClock, settle, type HeldClock } from '../kit/heldClock.ts'
import { standInChildren, usual, type StandInChildren } from '../kit/standInChild.ts'

let clock: HeldClock
let children: StandInChildren
let console: TestConsole
let cookie: string
const origin = () => `http://127.0.0.1:${console.port}`

beforeEach(async () => {
  clock = heldClock()
  children = standInChildren((message, child) => {
    usual(message, child)
    if (message.kind === 'call' && message.name === 'limits.read')
      child.say({ kind: 'reply', id: message.id, reply: { ok: true, value: noLimits } })
  })
  console = await aConsole({ startChild: children.start, clock })
  await settle()
  cookie = await console.enter()
})
afterEach(async () => {
  const ended = console.end()
  await clock.advance(5000)
  await ended
})

const screen = (headers: Readonly<Record<string, string>> = {}) => openScreenClient(console.port, { cookie, ...headers })
const snapshotAt = (at: number) => ({ at, engine: { startedAt: 1, pid: 1, memoryBytes: 1 }, migration: null })

describe('who has no session', () => {
  test.each(['/', '/index.html', '/assets/start.js', '/report/0', '/download/0'])('gets nothing of %s', async (path) => {
    const { status, body, headers } = await get(console.port, path)
    expect(status).toBe(401)
    expect(body).not.toContain(page)
    expect(headers['set-cookie']).toBeUndefined()
  })

  test('gets in by a link, once, and with a cookie that no script and no other site can use', async () => {
    const path = console.pathOf(console.server.newLink())
    const entered = await get(console.port, path)
    expect(entered).toMatchObject({
      status: 303,
      headers: { location: '/', 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
    })
    const [header = ''] = entered.headers['set-cookie'] ?? []
    expect(header).toMatch(/^firn-console-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/)
    expect((await get(console.port, path)).status).toBe(401)
  })

  test.each([
    '/enter',
    '/enter?token=',
    '/enter?token=forged',
    '/enter?token=a&token=b',
    '/enter?other=1',
    '/enter?token=%00',
    '/Enter?token=x',
  ])('does not get in by %s', async (path) => {
    const { status, headers } = await get(console.port, path)
    expect(status).toBe(401)
    expect(headers['set-cookie']).toBeUndefined()
  })

  test('does not get in by a link that is too old', async () => {
    const path = console.pathOf(console.server.newLink())
    await clock.advance(10 * 60_000)
    expect((await get(console.port, path)).status).toBe(401)
  })

  test('does not use a link up by looking ahead or by HEAD', async () => {
    const path = console.pathOf(console.server.newLink())
    expect((await get(console.port, path, { 'sec-purpose': 'prefetch;prerender' })).status).toBe(403)
    expect((await get(console.port, path, {}, 'HEAD')).status).toBe(401)
    expect((await get(console.port, path)).status).toBe(303)
  })

  test.each([
    ['none', undefined],
    ['a forged one', 'forged'],
    ['an empty one', ''],
    ['one of another name', 'session=x'],
  ])('with %s as cookie is told on the bridge that the session has ended', async (_, forged) => {
    const name = cookie.split('=')[0] ?? ''
    const client = await openScreenClient(console.port, forged === undefined ? {} : { cookie: `${name}=${forged}` })
    expect(await client.closed).toBe(4401)
    expect(client.told).toEqual([])
  })

  test('and plants a second cookie beside the good one makes both useless', async () => {
    const name = cookie.split('=')[0] ?? ''
    expect((await get(console.port, '/', { cookie: `${name}=planted; ${cookie}` })).status).toBe(401)
  })
})

describe('who comes from elsewhere', () => {
  test.each<[string, Record<string, string>, number]>([
    ['another host', { host: 'rebound.example' }, 421],
    ['another origin', { origin: 'http://elsewhere.example' }, 403],
    ['no origin', { origin: 'null' }, 403],
    ['another site', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'script' }, 403],
    ['another port of this machine', { 'sec-fetch-site': 'same-site' }, 403],
  ])('by %s is refused, with a good cookie too', async (_, headers, status) => {
    expect((await get(console.port, '/', { cookie, ...headers })).status).toBe(status)
    await expect(screen({ origin: origin(), ...headers })).rejects.toThrow(String(status))
    expect((await get(console.port, '/', { cookie })).body).toBe(page)
  })

  test('on the bridge is refused without an origin, and at any other path', async () => {
    await expect(openScreenClient(console.port, { cookie, origin: '' })).rejects.toThrow('403')
    await expect(openScreenClient(console.port, { cookie }, '/bridge/')).rejects.toThrow('404')
    await expect(openScreenClient(console.port, { cookie }, '/')).rejects.toThrow('404')
  })

  test('by a link in a mail gets in by a page of ours: a strict cookie does not travel with a redirect', async () => {
    const from = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
    const entered = await get(console.port, console.pathOf(console.server.newLink()), from)
    expect(entered.status).toBe(200)
    expect(entered.body).toContain('url=/')
    expect(entered.headers['set-cookie']).toHaveLength(1)
  })

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE'])('with %s is refused', async (method) => {
    expect((await get(console.port, '/', { cookie }, method)).status).toBe(405)
  })
})

describe('files', () => {
  test.each([
    '/../secret.js',
    '/..%2fsecret.js',
    '/%2e%2e/secret.js',
    '/%2e%2e%2fsecret.js',
    '/..\\secret.js',
    '/..%5csecret.js',
    '/assets/../../secret.js',
    '/assets/..%c0%af../secret.js',
    '/./index.html',
    '/assets//start.js',
    '/assets/start.js/',
    '/assets/start.js%00.css',
    '/\\\\server\\share\\secret.js',
    '/C:/secret.js',
    '/file:///etc/passwd',
    '/etc/passwd',
    '/sources.sha256',
    '/wallboard.html',
    '/__proto__',
    '/constructor',
  ])('there are none at %s', async (path) => {
    const { status, body } = await get(console.port, path, { cookie })
    expect(status).toBe(404)
    expect(body).not.toContain('secret')
  })

  test.each(['//server/share/secret.js', 'http://127.0.0.1/index.html', '*'])('a request for %s is none', async (path) => {
    expect((await get(console.port, path, { cookie })).status).toBe(400)
  })

  test('a NUL in a request is not even read', async () => {
    const socket: Socket = createConnection(console.port, '127.0.0.1')
    const answer = new Promise<string>((resolve) => socket.once('data', (data: Buffer) => resolve(data.toString())))
    socket.write(`GET /index.html\0.js HTTP/1.1\r\nHost: 127.0.0.1:${console.port}\r\nCookie: ${cookie}\r\n\r\n`)
    expect(await answer).toContain('400 Bad Request')
    socket.destroy()
  })

  test('carry every header that keeps a browser from doing more than show them', async () => {
    const { status, headers } = await get(console.port, '/', { cookie })
    expect(status).toBe(200)
    expect(headers).toMatchObject({
      'content-security-policy':
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; font-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    })
    const head = await get(console.port, '/', { cookie }, 'HEAD')
    expect(head).toMatchObject({ status: 200, body: '', headers: { 'content-length': String(page.length) } })
  })
})

describe('a message on the bridge', () => {
  const hostile: readonly [string, string | Buffer][] = [
    ['is not JSON', '{'],
    ['is nothing', ''],
    ['is a list', '[]'],
    ['is of no kind', '{"kind":"eval","code":"1"}'],
    ['has more than it may', '{"kind":"call","id":1,"name":"limits.read","input":{},"paths":{"path-0":"/etc"}}'],
    ['has a number for a name', '{"kind":"call","id":1,"name":7,"input":{}}'],
    ['has a negative id', '{"kind":"call","id":-1,"name":"limits.read","input":{}}'],
    ['has a name without end', JSON.stringify({ kind: 'call', id: 1, name: 'x'.repeat(65), input: {} })],
    ['is binary', Buffer.from('{"kind":"call","id":1,"name":"limits.read","input":{}}')],
  ]
  test.each(hostile)('that %s closes it, and only it', async (_, message) => {
    const good = await screen()
    const bad = await screen()
    bad.send(message)
    expect(await bad.closed).toBe(1008)
    expect(await good.ask('limits.read')).toMatchObject({ ok: true })
    expect(console.world.lines.map(({ code }) => code)).toContain('message-refused')
  })

  test('that is too long closes it; the longest that may be is read', async () => {
    const client = await screen()
    const longest = (length: number) => {
      const [before, after] = ['{"kind":"call","id":9,"name":"limits.read","input":"', '"}']
      return `${before}${'x'.repeat(length - before.length - after.length)}${after}`
    }
    client.send(longest(largestRequest))
    await expect
      .poll(() => client.told.find((one) => one.kind === 'reply'))
      .toMatchObject({ reply: { ok: false, fault: { code: 'bad-input' } } })
    client.send(longest(largestRequest + 1))
    expect(await client.closed).toBe(1009)
  })

  test.each(['__proto__', 'constructor', 'host.__proto__', 'archives'])('that calls %s is answered: unknown', async (name) => {
    const client = await screen()
    expect(await client.ask(name)).toMatchObject({ ok: false, fault: { code: 'unknown-call' } })
    expect(await client.ask('limits.read')).toMatchObject({ ok: true })
  })

  test('that names a place which was never given is answered, and reaches nobody', async () => {
    const client = await screen()
    const token = `path-${'7'.repeat(32)}`
    expect(await client.ask('archives.add', { folder: token, prefix: '' })).toMatchObject({ ok: false, fault: { code: 'place-unknown' } })
    expect(await client.ask('host.browse', { in: token })).toMatchObject({ ok: false, fault: { code: 'place-unknown' } })
    expect(children.last().heard.filter(({ kind }) => kind === 'call')).toEqual([])
  })

  test('that opens one call too many is turned away; the others are not', async () => {
    const client = await screen()
    const open = Array.from({ length: mostOpenCalls }, () => client.ask('plan.current'))
    expect(await client.ask('plan.current')).toMatchObject({ ok: false, fault: { code: 'too-many-calls' } })
    await expect.poll(() => children.last().heard.filter(({ kind }) => kind === 'call').length).toBe(mostOpenCalls)
    for (const message of children.last().heard)
      if (message.kind === 'call') children.last().say({ kind: 'reply', id: message.id, reply: { ok: true, value: null } })
    expect(await Promise.all(open)).toHaveLength(mostOpenCalls)
    expect(await client.ask('limits.read')).toMatchObject({ ok: true })
  })

  test('with the id of a call that is open closes it', async () => {
    const client = await screen()
    const call = JSON.stringify({ kind: 'call', id: 5, name: 'plan.current', input: {} })
    client.send(call)
    client.send(call)
    expect(await client.closed).toBe(1008)
  })
})

describe('two screens', () => {
  test('both see and ask; what one leaves open ends when it goes', async () => {
    const [one, two] = [await screen(), await screen()]
    children.last().say({ kind: 'snapshot', snapshot: snapshotAt(1) })
    await clock.advance(1000)
    expect(await one.topic('snapshot')).toEqual(await two.topic('snapshot'))
    expect(await one.topic('host')).toMatchObject({ host: 'console', engine: { state: 'running' } })
    void one.ask('plan.current').catch(() => undefined)
    await expect.poll(() => children.last().heard.some(({ kind }) => kind === 'call')).toBe(true)
    one.socket.close()
    await expect.poll(() => children.last().heard.at(-1)).toEqual({ kind: 'cancel', id: 1 })
    expect(await two.ask('limits.read')).toMatchObject({ ok: true })
  })

  test('a slow one gets the newest figures and no queue; a quick one is not held up', async () => {
    const [slow, quick] = [await screen(), await screen()]
    await settle()
    for (let at = 1; at <= 100; at += 1) children.last().say({ kind: 'snapshot', snapshot: snapshotAt(at) })
    await clock.advance(250)
    await clock.advance(250)
    for (const client of [slow, quick]) {
      expect(await client.topic('snapshot', (value) => (value as { at: number }).at === 100)).toBeDefined()
      const seen = client.told.filter((one) => one.kind === 'topic' && one.topic === 'snapshot')
      expect(seen.length).toBeLessThanOrEqual(2)
    }
  })

  test('one that does not read at all gets no more than fits on the way, and is cut off in the end', async () => {
    const stuck = await screen()
    const quick = await screen()
    stuck.socket.pause()
    const large = { ...snapshotAt(0), migration: null, engine: { startedAt: 1, pid: 1, memoryBytes: 1 } }
    for (let at = 1; at <= 200; at += 1) {
      children.last().say({ kind: 'snapshot', snapshot: { ...large, at } })
      await clock.advance(250)
    }
    expect(await quick.topic('snapshot', (value) => (value as { at: number }).at === 200)).toBeDefined()
    expect(console.server.screens()).toBe(2)
    // It answers no ping either.
    await clock.advance(60_000)
    await expect.poll(() => console.server.screens()).toBeLessThanOrEqual(1)
  })
})

describe('a session', () => {
  test('that nobody touches for as long as is set is ended: the screen says so and the cookie is worth nothing', async () => {
    await (await screen()).ask('host.saveSettings', { settings: { idleMinutes: 1 } })
    const client = await screen()
    await clock.advance(50_000)
    client.send('{"kind":"active"}')
    await client.ask('limits.read')
    await clock.advance(50_000)
    expect(client.socket.readyState).toBe(1)
    // Questions that a screen asks by itself are no touch.
    await client.ask('limits.read')
    await clock.advance(20_000)
    expect(await client.closed).toBe(4401)
    expect((await get(console.port, '/', { cookie })).status).toBe(401)
  })

  test('is ended by logging out, in all its screens and in no other session', async () => {
    const other = await openScreenClient(console.port, { cookie: await console.enter() })
    const [one, two] = [await screen(), await screen()]
    one.send(JSON.stringify({ kind: 'call', id: 1, name: 'host.logOut', input: {} }))
    expect(await one.closed).toBe(4401)
    expect(await two.closed).toBe(4401)
    expect(await other.ask('limits.read')).toMatchObject({ ok: true })
  })

  test('has at most sixteen screens', async () => {
    for (let nth = 0; nth < 16; nth += 1) await screen()
    expect(await (await screen()).closed).toBe(1013)
  })

  test('alone may fetch the reports that it opened, and the page may do nothing but look as it does', async () => {
    const folder = join(console.made, 'migration')
    const style = `\n          ${reportStyle}\n        `
    mkdirSync(join(folder, 'evidence', '2026-11-24', 'data'), { recursive: true })
    writeFileSync(join(folder, 'evidence', '2026-11-24', 'data', 'report.html'), `<style>${style}</style><script>alert(1)</script>`)
    const client = await screen()
    expect(await client.ask('host.openReport', { bundle: '2026-11-24' })).toMatchObject({ ok: false, fault: { code: 'no-migration-open' } })
    children.last().say({ kind: 'opened', open: 'one', folder })
    for (const bundle of ['../../secret.js', '..', '.', '2026-11-24/', '2026-11-24/../2026-11-24', '/etc', ''])
      expect(await client.ask('host.openReport', { bundle }), bundle).toMatchObject({ ok: false, fault: { code: 'bad-input' } })
    const opened = await client.ask('host.openReport', { bundle: '2026-11-24' })
    const url = opened.ok ? (opened.value as { url: string }).url : ''
    expect(url).toMatch(/^\/report\/[0-9a-f]{64}$/)
    const report = await get(console.port, url, { cookie })
    expect(report).toMatchObject({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } })
    expect(report.headers['content-security-policy']).toMatch(
      /^default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-[\w+/]{43}='$/,
    )
    expect((await get(console.port, url, { cookie: await console.enter() })).status).toBe(404)
    expect((await get(console.port, url)).status).toBe(401)
    expect((await get(console.port, `${url}/../x`, { cookie })).status).toBe(404)
  })

  test('alone may fetch the support bundle that it asked for, once', async () => {
    const client = await screen()
    void children
    const asked = client.ask('host.saveSupportBundle', { folder: null })
    await expect.poll(() => children.last().heard.find(({ kind }) => kind === 'call')).toBeDefined()
    children.last().say({ kind: 'reply', id: 1, reply: { ok: true, value: { files: [{ name: 'log.ndjson', bytes: 3, text: 'log' }] } } })
    const saved = await asked
    const url = saved.ok ? (saved.value as { url: string }).url : ''
    expect((await get(console.port, url, { cookie: await console.enter() })).status).toBe(404)
    const fetched = await get(console.port, url, { cookie })
    expect(fetched).toMatchObject({ status: 200, headers: { 'content-type': 'application/x-tar' } })
    expect(fetched.headers['content-disposition']).toMatch(/^attachment; filename="firn-support-2026-11-24T12-00-00Z\.tar"$/)
    expect(fetched.body).toContain('log.ndjson')
    expect(fetched.body).toContain('host.json')
    expect((await get(console.port, url, { cookie })).status).toBe(404)
  })
})

describe('the engine', () => {
  test('that is killed in mid-call answers nobody by itself: the host does, says so, and starts it again', async () => {
    const client = await screen()
    const cut = client.ask('plan.current')
    await expect.poll(() => children.last().heard.some(({ kind }) => kind === 'call')).toBe(true)
    children.last().end('SIGKILL')
    expect(await cut).toMatchObject({ ok: false, fault: { code: 'engine-gone', facts: { how: 'SIGKILL' } } })
    await clock.advance(1000)
    expect(await client.topic('host', (value) => (value as { engine: { restarts: number } }).engine.restarts === 1)).toMatchObject({
      engine: { state: 'running', lastEnd: { how: 'SIGKILL' } },
    })
    expect(await client.ask('limits.read')).toMatchObject({ ok: true })
  })
})

describe('starting', () => {
  test('on a port that is taken is refused by name', async () => {
    const second = aConsole({ startChild: standInChildren().start, clock: heldClock(), port: console.port })
    await expect(second).rejects.toSatisfy((error) => isFault(error, 'port-in-use'))
  })

  test('with a home that cannot be written is refused by name', async () => {
    const second = aConsole({ startChild: standInChildren().start, clock: heldClock(), home: join(console.made, 'secret.js', 'home') })
    await expect(second).rejects.toSatisfy((error) => isFault(error, 'home-not-writable'))
  })

  test('opens a door for its owner alone, where a running console gives another link', async () => {
    const link = await knock(console.home)
    expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/enter\?token=[\w-]{43}$/)
    expect((await get(console.port, console.pathOf(link ?? ''))).status).toBe(303)
    expect(statSync(join(console.home, 'console')).mode & 0o777).toBe(0o700)
    expect(statSync(join(console.home, 'console', 'door')).mode & 0o777).toBe(0o600)
    expect(await knock(join(console.made, 'nobody'))).toBeUndefined()
  })

  test('writes no token and no cookie into its log or its home', () => {
    const lines = JSON.stringify(console.world.lines)
    expect(lines).not.toContain(cookie.split('=')[1] ?? 'x')
    expect(() => readFileSync(join(console.home, 'host.log'))).toThrow('ENOENT')
  })
})
