/** The tray: how far the work is, and the few things one wants without opening the window. */
import type { MenuItemConstructorOptions } from 'electron'
import type { Language } from '../../shared/contract/settings.ts'
import type { Snapshot } from '../../shared/contract/snapshot.ts'
import { isPausedAll, openWorks, trayText, workName } from './progress.ts'
import type { Act } from './shortcuts.ts'
import type { DesktopWords } from './words.ts'

export type TrayView = { readonly text: string; readonly menu: MenuItemConstructorOptions[] }

export function trayView(
  snapshot: Snapshot | undefined,
  words: DesktopWords,
  language: Language,
  onOpen: () => void,
  onAct: (act: Act) => void,
): TrayView {
  // No counts in here: a menu that changes while it is open is closed by some systems.
  const lines = openWorks(snapshot).map((work) => workName(work, words))
  const pausing = isPausedAll(snapshot) ? 'works.resumeAll' : 'works.pauseAll'
  return {
    text: trayText(snapshot, words, language),
    menu: [
      { label: words.open, click: onOpen },
      { type: 'separator' },
      ...(lines.length === 0 ? [words.idle] : lines).map((label) => ({ label, enabled: false })),
      { type: 'separator' },
      {
        label: pausing === 'works.pauseAll' ? words.pauseAll : words.resumeAll,
        enabled: openWorks(snapshot).length > 0 || pausing === 'works.resumeAll',
        click: () => onAct({ do: 'call', call: pausing }),
      },
      { label: words.quit, click: () => onAct({ do: 'quit' }) },
    ],
  }
}
