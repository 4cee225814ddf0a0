/** What may come in at all, judged before anything else looks at a request: tables of what is let through and what is not. */
import { describe, expect, test } from 'vitest'
import { openGate, originOf, type Asked } from '../../main/console/gate.ts'
import { isLoopback, namesOf } from '../../main/console/console.ts'
import { openSessions } from '../../main/console/sessions.ts'
import { environmentFor } from '../../main/hosting/forkChild.ts'
import { heldClock } from '../kit/heldClock.ts'
import { testWorld } from '../kit/world.ts'

const gate = openGate(['http://127.0.0.1:8420', 'http://localhost:8420'])
const usual: Asked = {
  method: 'GET',
  target: '/',
  host: '127.0.0.1:8420',
  origin: undefined,
  fetchSite: undefined,
  fetchMode: undefined,
  fetchDest: undefined,
  purpose: undefined,
  upgrade: false,
}
const judged = (differing: Partial<Asked>) => gate.judge({ ...usual, ...differing })?.why ?? 'let in'

describe('a request', () => {
  test.each<[string, Partial<Asked>]>([
    ['as it is typed', {}],
    ['by the other name of this machine', { host: 'localhost:8420' }],
    ['from a page of our own', { origin: 'http://127.0.0.1:8420', fetchSite: 'same-origin' }],
    ['from the address bar', { fetchSite: 'none', fetchMode: 'navigate', fetchDest: 'document' }],
    ['of the bridge', { upgrade: true, target: '/bridge', origin: 'http://127.0.0.1:8420' }],
    ['with a link from a mail', { target: '/enter?token=x', fetchSite: 'cross-site', fetchMode: 'navigate', fetchDest: 'document' }],
  ])('%s is let in', (_, differing) => expect(judged(differing)).toBe('let in'))

  test.each<[string, Partial<Asked>, string]>([
    ['that writes', { method: 'POST' }, 'method'],
    ['that deletes', { method: 'DELETE' }, 'method'],
    ['that asks what it may', { method: 'OPTIONS' }, 'method'],
    ['to an absolute address', { target: 'http://127.0.0.1:8420/' }, 'target'],
    ['to another host by two slashes', { target: '//elsewhere.example/' }, 'target'],
    ['to no path', { target: '*' }, 'target'],
    ['without a host', { host: undefined }, 'host'],
    ['by a name that was made to lead here', { host: 'rebound.example:8420' }, 'host'],
    ['to another port', { host: '127.0.0.1:8421' }, 'host'],
    ['to no port', { host: '127.0.0.1' }, 'host'],
    ['to a name that begins like ours', { host: '127.0.0.1:8420.elsewhere.example' }, 'host'],
    ['from another origin', { origin: 'http://elsewhere.example' }, 'origin'],
    ['from an origin that begins like ours', { origin: 'http://127.0.0.1:8420.elsewhere.example' }, 'origin'],
    ['from the same host by another scheme', { origin: 'https://127.0.0.1:8420' }, 'origin'],
    ['from our other name', { origin: 'http://localhost:8420' }, 'origin'],
    ['from no origin at all', { origin: 'null' }, 'origin'],
    ['of the bridge without an origin', { upgrade: true, target: '/bridge' }, 'origin'],
    ['of the bridge from elsewhere', { upgrade: true, target: '/bridge', origin: 'http://elsewhere.example' }, 'origin'],
    ['that another site makes', { fetchSite: 'cross-site', fetchMode: 'no-cors', fetchDest: 'image' }, 'site'],
    ['that another port of this machine makes', { fetchSite: 'same-site', fetchMode: 'cors', fetchDest: 'empty' }, 'site'],
    ['that follows a link to a screen', { fetchSite: 'cross-site', fetchMode: 'navigate', fetchDest: 'document' }, 'site'],
    ['in a frame elsewhere', { target: '/enter?token=x', fetchSite: 'cross-site', fetchMode: 'navigate', fetchDest: 'iframe' }, 'site'],
    ['that only looks ahead, and would use up a link', { target: '/enter?token=x', purpose: 'prefetch' }, 'prefetch'],
  ])('%s is refused', (_, differing, why) => expect(judged(differing)).toBe(why))

  test('through a reverse proxy is let in by the name that the proxy shows', () => {
    const proxied = openGate(['https://firn.hospital.example', 'http://127.0.0.1:8420'])
    const origin = 'https://firn.hospital.example'
    expect(proxied.judge({ ...usual, host: 'firn.hospital.example', origin, upgrade: true })).toBeUndefined()
    expect(proxied.judge({ ...usual, host: '127.0.0.1:8420', origin, upgrade: true })?.why).toBe('origin')
  })
})

test('origins are written as browsers write them', () => {
  expect(originOf('http', '::1', 8420)).toBe('http://[::1]:8420')
  expect(originOf('https', 'firn.example', 443)).toBe('https://firn.example')
})

test('only what no other machine can reach counts as loopback', () => {
  expect(['127.0.0.1', '127.8.8.8', '::1'].map(isLoopback)).toEqual([true, true, true])
  expect(['0.0.0.0', '::', '10.0.0.5', 'localhost', '127.0.0.1.elsewhere.example'].map(isLoopback)).toEqual([
    false,
    false,
    false,
    false,
    false,
  ])
  expect(namesOf('127.0.0.1')).toEqual(['127.0.0.1', 'localhost'])
  expect(namesOf('10.0.0.5')).toEqual(['10.0.0.5'])
})

describe('a link', () => {
  const opened = () => {
    const clock = heldClock()
    return { clock, sessions: openSessions(clock, testWorld().random) }
  }

  test('is good once', () => {
    const { sessions } = opened()
    const token = sessions.newToken()
    expect(sessions.find(sessions.enter(token))).toBeDefined()
    expect(sessions.enter(token)).toBeUndefined()
  })

  test('is good for ten minutes', async () => {
    const { clock, sessions } = opened()
    const token = sessions.newToken()
    await clock.advance(10 * 60_000)
    expect(sessions.enter(token)).toBeUndefined()
  })

  test('can be neither guessed nor made up', () => {
    const { sessions } = opened()
    const token = sessions.newToken()
    for (const forged of ['', 'a', token.slice(1), `${token}a`, token.toUpperCase(), token.replace(/.$/, '_')])
      expect(sessions.enter(forged)).toBeUndefined()
    expect(sessions.enter(token)).toBeDefined()
  })

  test('of the seventeenth makes the first one useless; sessions have an end to their number too', () => {
    const { sessions } = opened()
    const first = sessions.newToken()
    for (let nth = 0; nth < 16; nth += 1) sessions.newToken()
    expect(sessions.enter(first)).toBeUndefined()
    const ended: string[] = []
    sessions.onEnd((id) => ended.push(id))
    const cookies = Array.from({ length: 33 }, () => sessions.enter(sessions.newToken()))
    expect(ended).toHaveLength(1)
    expect(cookies.filter((cookie) => sessions.find(cookie) !== undefined)).toHaveLength(32)
  })
})

test('the process that the LAN talks to inherits no credentials, the engine no debugger', () => {
  const environment = { PATH: '/bin', TZ: 'UTC', AWS_SECRET_ACCESS_KEY: 'secret', NODE_OPTIONS: '--inspect', FIRN_KEY_PASSPHRASE: 'secret' }
  expect(environmentFor('wallboard', environment)).toEqual({ PATH: '/bin', TZ: 'UTC' })
  expect(environmentFor('engine', environment)).toEqual({
    PATH: '/bin',
    TZ: 'UTC',
    AWS_SECRET_ACCESS_KEY: 'secret',
    FIRN_KEY_PASSPHRASE: 'secret',
  })
})
