/** The native menu, made from the list of shortcuts. */
import type { MenuItemConstructorOptions } from 'electron'
import { shortcuts, type Act, type Menu, type Shortcut } from './shortcuts.ts'
import type { DesktopWords } from './words.ts'

const order: readonly Menu[] = ['file', 'edit', 'view', 'go', 'transfers', 'window', 'help']

/** `migrationOpen`: what acts on a migration is offered only when there is one. */
export function menuTemplate(
  words: DesktopWords,
  platform: NodeJS.Platform,
  migrationOpen: boolean,
  onAct: (act: Act) => void,
): MenuItemConstructorOptions[] {
  const item = ({ word, keys, act, apart }: Shortcut): MenuItemConstructorOptions[] => {
    const shown = { label: words[word], accelerator: keys }
    const made =
      act.do === 'role' ? { ...shown, role: act.role } : { ...shown, enabled: act.do !== 'call' || migrationOpen, click: () => onAct(act) }
    return apart === true ? [{ type: 'separator' }, made] : [made]
  }
  const menus = order.map((menu): MenuItemConstructorOptions => ({
    label: words[menu],
    ...(menu === 'help' ? { role: 'help' as const } : {}),
    submenu: [
      ...shortcuts.filter((shortcut) => shortcut.menu === menu).flatMap(item),
      ...(menu === 'help' && platform !== 'darwin' ? [{ label: words.about, role: 'about' as const }] : []),
    ],
  }))
  return platform === 'darwin' ? [appMenu(words, onAct), ...menus] : menus
}

/** macOS has a menu named after the application, and looks for Quit there. */
function appMenu(words: DesktopWords, onAct: (act: Act) => void): MenuItemConstructorOptions {
  return {
    label: 'Firn',
    submenu: [
      { label: words.about, role: 'about' },
      { type: 'separator' },
      { label: words.hide, role: 'hide' },
      { type: 'separator' },
      { label: words.quit, click: () => onAct({ do: 'quit' }) },
    ],
  }
}
