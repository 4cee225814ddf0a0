/** The screen that is shown, kept in the address after `#`: reload, back and forward work as everywhere. */
import { useCallback, useMemo, useSyncExternalStore } from 'react'
import type { Screen, ScreenName } from '../screen.ts'

const names: readonly ScreenName[] = [
  'start',
  'overview',
  'archives',
  'plan',
  'devices',
  'share',
  'transfers',
  'verification',
  'evidence',
  'settings',
  'diagnostics',
]
const shows = ['inventory', 'explorer', 'anomalies'] as const

export function screenFromHash(hash: string): Screen | undefined {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?')
  const at = names.find((name) => name === path)
  const given = new URLSearchParams(query)
  const id = (name: string): number | undefined => {
    const value = given.get(name)
    return value !== null && /^\d{1,15}$/.test(value) ? Number(value) : undefined
  }
  switch (at) {
    case undefined:
      return undefined
    case 'archives': {
      const show = shows.find((name) => name === given.get('show'))
      const anomaly = given.get('anomaly')?.slice(0, 64)
      return { at, ...(show === undefined ? {} : { show }), ...(anomaly === undefined ? {} : { anomaly }) }
    }
    case 'devices': {
      const deviceId = id('device')
      return deviceId === undefined ? { at } : { at, deviceId }
    }
    case 'verification': {
      const itemId = id('item')
      return itemId === undefined ? { at } : { at, itemId }
    }
    case 'start':
    case 'overview':
    case 'plan':
    case 'share':
    case 'transfers':
    case 'evidence':
    case 'settings':
    case 'diagnostics':
      return { at }
  }
}

export function hashOf(screen: Screen): string {
  const query = new URLSearchParams()
  if (screen.at === 'archives') {
    if (screen.show !== undefined) query.set('show', screen.show)
    if (screen.anomaly !== undefined) query.set('anomaly', screen.anomaly)
  }
  if (screen.at === 'devices' && screen.deviceId !== undefined) query.set('device', String(screen.deviceId))
  if (screen.at === 'verification' && screen.itemId !== undefined) query.set('item', String(screen.itemId))
  const text = query.toString()
  return `#${screen.at}${text === '' ? '' : `?${text}`}`
}

function watch(tell: () => void): () => void {
  window.addEventListener('hashchange', tell)
  return () => window.removeEventListener('hashchange', tell)
}

/** `undefined`: the address names none, and the shell decides where to begin. */
export function useScreen(): readonly [Screen | undefined, (screen: Screen) => void] {
  const hash = useSyncExternalStore(watch, () => window.location.hash)
  const go = useCallback((screen: Screen) => {
    window.location.hash = hashOf(screen)
  }, [])
  return [useMemo(() => screenFromHash(hash), [hash]), go]
}
