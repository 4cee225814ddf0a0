/** Every keyboard shortcut of the desktop application. The menu is made from this list, and the list a person can look at too. */
import type { DesktopWords } from './words.ts'

/** What a shortcut does: go to a screen, ask the host, or something of the window's own. */
export type Act =
  | { readonly do: 'go'; readonly screen: string }
  | { readonly do: 'call'; readonly call: 'works.pauseAll' | 'works.resumeAll' | 'host.revealMigration' }
  | { readonly do: 'role'; readonly role: Role }
  | { readonly do: 'shortcuts' }
  | { readonly do: 'quit' }

type Role =
  | 'undo'
  | 'redo'
  | 'cut'
  | 'copy'
  | 'paste'
  | 'selectAll'
  | 'zoomIn'
  | 'zoomOut'
  | 'resetZoom'
  | 'togglefullscreen'
  | 'reload'
  | 'minimize'
  | 'close'

export type Menu = 'file' | 'edit' | 'view' | 'go' | 'transfers' | 'window' | 'help'
type WordOf = { [Key in keyof DesktopWords]: DesktopWords[Key] extends string ? Key : never }[keyof DesktopWords]

export type Shortcut = {
  readonly menu: Menu
  readonly word: WordOf
  /** As Electron writes it; CmdOrCtrl is Command on macOS. */
  readonly keys: string
  readonly act: Act
  /** Begins a new group in the menu. */
  readonly apart?: true
}

const go = (word: WordOf, keys: string, screen: string): Shortcut => ({ menu: 'go', word, keys, act: { do: 'go', screen } })
const role = (menu: Menu, word: WordOf, keys: string, name: Role): Shortcut => ({ menu, word, keys, act: { do: 'role', role: name } })

export const shortcuts: readonly Shortcut[] = [
  { menu: 'file', word: 'settings', keys: 'CmdOrCtrl+,', act: { do: 'go', screen: 'settings' } },
  { menu: 'file', word: 'revealMigration', keys: 'CmdOrCtrl+Shift+O', act: { do: 'call', call: 'host.revealMigration' } },
  { ...role('file', 'closeWindow', 'CmdOrCtrl+W', 'close'), apart: true },
  { menu: 'file', word: 'quit', keys: 'CmdOrCtrl+Q', act: { do: 'quit' } },
  role('edit', 'undo', 'CmdOrCtrl+Z', 'undo'),
  role('edit', 'redo', 'CmdOrCtrl+Shift+Z', 'redo'),
  { ...role('edit', 'cut', 'CmdOrCtrl+X', 'cut'), apart: true },
  role('edit', 'copy', 'CmdOrCtrl+C', 'copy'),
  role('edit', 'paste', 'CmdOrCtrl+V', 'paste'),
  role('edit', 'selectAll', 'CmdOrCtrl+A', 'selectAll'),
  role('view', 'zoomIn', 'CmdOrCtrl+Plus', 'zoomIn'),
  role('view', 'zoomOut', 'CmdOrCtrl+-', 'zoomOut'),
  role('view', 'zoomReset', 'CmdOrCtrl+0', 'resetZoom'),
  { ...role('view', 'fullScreen', 'F11', 'togglefullscreen'), apart: true },
  role('view', 'reload', 'CmdOrCtrl+R', 'reload'),
  go('overview', 'CmdOrCtrl+1', 'overview'),
  go('archives', 'CmdOrCtrl+2', 'archives'),
  go('plan', 'CmdOrCtrl+3', 'plan'),
  go('devices', 'CmdOrCtrl+4', 'devices'),
  go('share', 'CmdOrCtrl+5', 'share'),
  go('transfersScreen', 'CmdOrCtrl+6', 'transfers'),
  go('verification', 'CmdOrCtrl+7', 'verification'),
  go('evidence', 'CmdOrCtrl+8', 'evidence'),
  { ...go('start', 'CmdOrCtrl+9', 'start'), apart: true },
  { menu: 'transfers', word: 'pauseAll', keys: 'CmdOrCtrl+Shift+P', act: { do: 'call', call: 'works.pauseAll' } },
  { menu: 'transfers', word: 'resumeAll', keys: 'CmdOrCtrl+Shift+R', act: { do: 'call', call: 'works.resumeAll' } },
  role('window', 'minimize', 'CmdOrCtrl+M', 'minimize'),
  { menu: 'help', word: 'shortcutList', keys: 'CmdOrCtrl+/', act: { do: 'shortcuts' } },
  { menu: 'help', word: 'diagnostics', keys: 'CmdOrCtrl+Shift+D', act: { do: 'go', screen: 'diagnostics' } },
]

/** The list for people: `Ctrl+Shift+P  Pause all`. */
export function shortcutLines(words: DesktopWords, platform: NodeJS.Platform): readonly string[] {
  const command = platform === 'darwin' ? '⌘' : words.control
  return shortcuts.map(({ word, keys }) => `${keys.replace('CmdOrCtrl', command).replace('Shift', words.shift)}   ${words[word]}`)
}
