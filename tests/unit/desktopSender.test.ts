/** Who may speak over the desktop's bridge. */
import { describe, expect, test } from 'vitest'
import { isTrusted, type Frame } from '../../main/security/sender.ts'

const window = {}
const main: Frame = { url: 'firn-app://app/', parent: null, detached: false }

describe('a message over the bridge is heard', () => {
  test.each(['firn-app://app/', 'firn-app://app/#plan', 'firn-app://app/index.html'])('from the main frame of our window at %s', (url) => {
    expect(isTrusted({ sender: window, senderFrame: { ...main, url } }, window)).toBe(true)
  })
})

describe('a message over the bridge is refused', () => {
  test('when its frame is gone already', () => {
    expect(isTrusted({ sender: window, senderFrame: null }, window)).toBe(false)
  })
  test('when its frame is on the way out', () => {
    expect(isTrusted({ sender: window, senderFrame: { ...main, detached: true } }, window)).toBe(false)
  })
  test('from a frame within the page', () => {
    expect(isTrusted({ sender: window, senderFrame: { ...main, parent: {} } }, window)).toBe(false)
  })
  test('from another window', () => {
    expect(isTrusted({ sender: {}, senderFrame: main }, window)).toBe(false)
  })
  test.each([
    'firn-app://app.evil.example/',
    'firn-app://evil/app/',
    'firn-app://app@evil/',
    'firn-app://user:secret@app/',
    'firn-app://app:8080/',
    'firn-apps://app/',
    'firn-app-x://app/',
    'firn-app:app/',
    'xfirn-app://app/',
    'https://app/',
    'http://localhost:5173/',
    'https://evil.example/firn-app://app/',
    'file:///firn-app://app/',
    'about:blank',
    'data:text/html,firn-app://app/',
    'blob:firn-app://app/9a1c',
    'firn-app:\\\\app\\',
    '',
  ])('from a page at %s', (url) => {
    expect(isTrusted({ sender: window, senderFrame: { ...main, url } }, window)).toBe(false)
  })
})
