/** The list of shortcuts, shown by `?`. */
import Modal from '@cloudscape-design/components/modal'
import { useHost } from '../bridge/live.ts'
import { useWords, words } from '../language.tsx'
import { screenWords } from '../words/screens.ts'
import { screenKeys } from './keys.ts'

const text = words({
  en: {
    title: 'Keyboard shortcuts',
    what: 'What it does',
    keys: 'Keys',
    after: 'then',
    or: 'or',
    back: 'Back',
    list: 'This list',
    help: 'Help for this screen',
    pause: 'Pause all, resume all',
    next: 'Next and previous element',
    tables: 'Move within tables and menus',
    arrows: 'Arrow keys',
    control: 'Ctrl',
    shift: 'Shift',
  },
  de: {
    title: 'Tastenkürzel',
    what: 'Wirkung',
    keys: 'Tasten',
    after: 'dann',
    or: 'oder',
    back: 'Zurück',
    list: 'Diese Liste',
    help: 'Hilfe zu diesem Bildschirm',
    pause: 'Alles anhalten, alles fortsetzen',
    next: 'Nächstes und voriges Element',
    tables: 'In Tabellen und Menüs bewegen',
    arrows: 'Pfeiltasten',
    control: 'Strg',
    shift: 'Umschalt',
  },
})

export function ShortcutList({ onClose }: { readonly onClose: () => void }) {
  const t = useWords(text)
  const names = useWords(screenWords)
  const digits = useHost()?.host === 'desktop'
  return (
    <Modal visible header={t.title} onDismiss={onClose}>
      <table className="firn-keys">
        <thead className="firn-unseen">
          <tr>
            <th scope="col">{t.what}</th>
            <th scope="col">{t.keys}</th>
          </tr>
        </thead>
        <tbody>
          {screenKeys.map(([name, letter], at) => (
            <tr key={name}>
              <td>{names[name]}</td>
              <td>
                <kbd>g</kbd> {t.after} <kbd>{letter}</kbd>
                {digits && at < 9 ? (
                  <>
                    {' '}
                    {t.or} <kbd>{t.control}</kbd>+<kbd>{at + 1}</kbd>
                  </>
                ) : null}
              </td>
            </tr>
          ))}
          <tr>
            <td>{t.pause}</td>
            <td>
              <kbd>g</kbd> {t.after} <kbd>x</kbd>
            </td>
          </tr>
          <tr>
            <td>{t.back}</td>
            <td>
              <kbd>Alt</kbd>+<kbd>←</kbd>
            </td>
          </tr>
          <tr>
            <td>{t.help}</td>
            <td>
              <kbd>F1</kbd>
            </td>
          </tr>
          <tr>
            <td>{t.list}</td>
            <td>
              <kbd>?</kbd>
            </td>
          </tr>
          <tr>
            <td>{t.next}</td>
            <td>
              <kbd>Tab</kbd>, <kbd>{t.shift}</kbd>+<kbd>Tab</kbd>
            </td>
          </tr>
          <tr>
            <td>{t.tables}</td>
            <td>
              <kbd>{t.arrows}</kbd>
            </td>
          </tr>
        </tbody>
      </table>
    </Modal>
  )
}
