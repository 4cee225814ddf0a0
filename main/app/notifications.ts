/** Notices of the engine as notifications of the system, each kind as the settings say. */
import type { Notice } from '../../shared/contract/engineWire.ts'
import type { Settings } from '../../shared/contract/settings.ts'
import type { DesktopWords } from './words.ts'

export type NotificationText = { readonly title: string; readonly body: string }

/** At most one of a kind in this time: a lane that stalls and recovers all night is one notification. */
const sameKindEvery = 5 * 60_000

export function openNotifications(
  settings: () => Settings,
  words: () => DesktopWords,
  show: (text: NotificationText) => void,
  now: () => number,
): (notice: Notice) => void {
  const lastShown = new Map<Notice['kind'], number>()
  return ({ kind }) => {
    if (!settings().notifications[kind]) return
    const at = now()
    const last = lastShown.get(kind)
    if (last !== undefined && at - last < sameKindEvery) return
    lastShown.set(kind, at)
    show(words().notices[kind])
  }
}
