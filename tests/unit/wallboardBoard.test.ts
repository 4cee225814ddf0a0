/** The wallboard on the LAN: who sees what, and what is refused. */
import { request } from 'node:http'
import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { plainCode, sha256 } from '../../main/hosting/wallboardCodes.ts'
import { aBoard, figures, token, type TestBoard } from './wallboardKit.ts'

let at: TestBoard
beforeEach(async () => {
  at = await aBoard()
})
afterEach(async () => {
  await at.close()
})

const bearer = { authorization: `Bearer ${token}` }

/** As it stands, without the client's own tidying of the path. */
function raw(path: string, method = 'GET'): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const { port } = new URL(at.url)
    const asked = request({ host: '127.0.0.1', port, path, method }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (text: string) => (body += text))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }))
    })
    asked.on('error', reject)
    asked.end()
  })
}

describe('a screen that is not paired', () => {
  test('gets the page, which holds no figures, and what the page needs', async () => {
    const page = await at.get('/')
    expect(page.status).toBe(200)
    expect(await page.text()).not.toContain('Radiology')
    for (const path of ['/assets/board.js', '/assets/shared-part.js', '/assets/board.css']) expect((await at.get(path)).status).toBe(200)
  })

  test('gets no figures, events or metrics', async () => {
    at.board.figures(figures)
    for (const path of ['/figures.json', '/events', '/metrics']) {
      const answer = await at.get(path)
      expect(answer.status).toBe(401)
      expect(await answer.text()).toBe('not paired\n')
    }
  })

  test('gets nothing with a forged, empty or oddly written token', async () => {
    at.board.figures(figures)
    for (const authorization of [
      'Bearer ',
      'Bearer x',
      `Bearer ${token}x`,
      `bearer ${token}`,
      `Basic ${token}`,
      `Bearer ${sha256(token)}`,
    ]) {
      expect((await at.get('/figures.json', { authorization })).status).toBe(401)
    }
    expect((await at.get('/figures.json', { cookie: `firn-wallboard=${sha256(token)}` })).status).toBe(401)
  })
})

describe('nothing but the page can be reached', () => {
  test.each([
    '/index.html',
    '/secret.txt',
    '/assets/application.js',
    '/wallboard.html',
    '/../secret.txt',
    '/assets/../secret.txt',
    '/%2e%2e/secret.txt',
    '/assets/%2e%2e%2fsecret.txt',
    '/..%5csecret.txt',
    '//etc/passwd',
    String.raw`/\\server\share`,
    '/assets/board.js%00.css',
    '/assets/',
  ])('%s is not there', async (path) => {
    const { status, body } = await raw(path)
    expect([303, 400, 404]).toContain(status)
    expect(body).not.toContain('not for the LAN')
  })

  test('nothing can be sent: every method but GET and HEAD is refused', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) expect((await raw('/', method)).status).toBe(405)
    expect(await raw('/', 'HEAD')).toEqual({ status: 200, body: '' })
  })

  test('every answer carries the strict policy and is kept nowhere', async () => {
    for (const path of ['/', '/figures.json', '/nowhere', '/pair?code=X']) {
      const { headers } = await at.get(path)
      expect(headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'; style-src 'self'")
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('cache-control')).toBe('no-store')
    }
  })

  test('what is not HTTP is cut off, and the board goes on', async () => {
    await new Promise<void>((done) => {
      const socket = connect(Number(new URL(at.url).port), '127.0.0.1', () => socket.write('\u0016\u0003\u0001 not http\r\n\r\n'))
      socket.on('close', () => done())
      socket.on('error', () => undefined)
    })
    expect((await at.get('/')).status).toBe(200)
  })

  test('a request with oversized headers is refused', async () => {
    const answer = await at.get('/', { 'x-long': 'x'.repeat(20_000) }).catch(() => undefined)
    expect(answer === undefined || answer.status >= 400).toBe(true)
    expect((await at.get('/')).status).toBe(200)
  })
})

describe('pairing', () => {
  test('by its link, a screen gets a cookie that no script and no other site can use', async () => {
    const answer = await at.get(`/pair/${token}`)
    expect(answer.headers.get('set-cookie')).toMatch(/^firn-wallboard=[\w-]+; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+$/)
    at.board.figures(figures)
    const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
    expect(await (await at.get('/figures.json', { cookie: `other=1; ${cookie}` })).json()).toEqual({ now: at.world.clock.now(), figures })
  })

  test('by a code, typed as people type; the code works once', async () => {
    at.board.code({ pairingId: 'corridor', code: sha256(plainCode('A0B1-C2D3')), endsAt: at.world.clock.now() + 1000 })
    const answer = await at.get('/pair?code=aob1%20c2d3')
    const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
    expect(at.told).toContain('paired corridor')
    expect(at.tokens).toEqual([sha256(cookie.replace('firn-wallboard=', ''))])
    at.board.figures(figures)
    expect((await at.get('/figures.json', { cookie })).status).toBe(200)
    expect((await at.get('/pair?code=A0B1-C2D3')).headers.get('location')).toBe('/?code=wrong')
  })

  test('not by a code that is too old', async () => {
    at.board.code({ pairingId: 'corridor', code: sha256('A0B1C2D3'), endsAt: at.world.clock.now() + 1000 })
    at.world.advance(1001)
    expect((await at.get('/pair?code=A0B1C2D3')).headers.get('location')).toBe('/?code=wrong')
  })

  test('codes cannot be guessed: after twenty wrong ones nobody may try for ten minutes, not even with the right one', async () => {
    at.board.code({ pairingId: 'corridor', code: sha256('A0B1C2D3'), endsAt: at.world.clock.now() + 3_600_000 })
    for (let guess = 0; guess < 20; guess += 1) await at.get(`/pair?code=WRONG${guess}`)
    expect((await at.get('/pair?code=A0B1C2D3')).headers.get('location')).toBe('/?code=too-many')
    at.world.advance(10 * 60_000 + 1)
    expect((await at.get('/pair?code=A0B1C2D3')).status).toBe(200)
  })

  test('a revoked screen is sent away at once and gets nothing more', async () => {
    at.board.figures(figures)
    const events = await at.get('/events', bearer)
    const reader = events.body?.getReader()
    await reader?.read()
    at.board.pairings([])
    const rest = await reader?.read().catch(() => ({ done: true }))
    expect(rest?.done).toBe(true)
    expect((await at.get('/figures.json', bearer)).status).toBe(401)
  })
})

describe('a paired screen', () => {
  test('hears the figures when it comes, and each time they change', async () => {
    at.board.figures(figures)
    const events = await at.get('/events', bearer)
    expect(events.headers.get('content-type')).toBe('text/event-stream')
    const reader = events.body?.pipeThrough(new TextDecoderStream()).getReader()
    const hear = async (wanted: string): Promise<string> => {
      let text = ''
      while (!text.includes(wanted)) text += (await reader?.read())?.value ?? ''
      return text
    }
    expect(await hear('\n\n')).toContain('retry: 3000')
    at.board.figures({ ...figures, wrong: 3 })
    expect(await hear('"wrong":3')).toContain('event: figures')
    await reader?.cancel()
    expect(at.told).toContain('viewers 1')
    expect(at.told).toContain('seen corridor')
  })

  test('is told when there are no figures yet', async () => {
    expect((await at.get('/figures.json', bearer)).status).toBe(503)
  })

  test('gets the same figures as metrics for Prometheus', async () => {
    at.board.figures(figures)
    const answer = await at.get('/metrics', bearer)
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    const lines = (await answer.text()).split('\n')
    expect(lines).toContain('firn_items{state="verified"} 824000')
    expect(lines).toContain('firn_bytes{state="inventory"} 676000000000000')
    expect(lines).toContain('firn_state{state="running"} 1')
    expect(lines).toContain('firn_state{state="broken"} 0')
    expect(lines).toContain('firn_lane_bytes_per_second{route="share"} 180000000')
    expect(lines).toContain('firn_lane_stalled{route="device"} 1')
    expect(lines).toContain('firn_eta_low_seconds 777600')
    expect(lines).toContain('firn_devices{place="loading"} 3')
    expect(lines.some((line) => line.startsWith('firn_lane_bytes_per_second{route="device"}'))).toBe(false)
    for (const line of lines)
      expect(line).toMatch(/^$|^# (HELP|TYPE) firn_\w+ .+$|^firn_\w+(\{\w+="[^"]*"(,\w+="[^"]*")*\})? -?\d+(\.\d+)?$/)
  })

  test('a modality with odd characters cannot break out of its label', async () => {
    at.board.figures({ ...figures, modalities: [{ modality: 'C"T\\\n} 1', items: 1, verified: 0 }] })
    const text = await (await at.get('/metrics', bearer)).text()
    expect(text).toContain(String.raw`firn_modality_items{modality="C\"T\\\n} 1",state="inventory"} 1`)
  })
})

test('more than two hundred viewers are asked to come later, and the others keep watching', async () => {
  const screens = await Promise.all(Array.from({ length: 200 }, () => at.get('/events', bearer)))
  expect(screens.every(({ status }) => status === 200)).toBe(true)
  expect((await at.get('/events', bearer)).status).toBe(503)
  at.board.figures(figures)
  const [first] = screens
  let text = ''
  const reader = first?.body?.pipeThrough(new TextDecoderStream()).getReader()
  while (!text.includes('event: figures')) text += (await reader?.read())?.value ?? ''
  await Promise.all(screens.slice(1).map((screen) => screen.body?.cancel() ?? Promise.resolve()))
  await reader?.cancel()
})
