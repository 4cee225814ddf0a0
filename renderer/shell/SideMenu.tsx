/** The way to every screen, with the count of what needs a person beside it, and nothing else. */
import Badge from '@cloudscape-design/components/badge'
import SideNavigation, { type SideNavigationProps } from '@cloudscape-design/components/side-navigation'
import type { MigrationSnapshot } from '../../shared/contract/snapshot.ts'
import { useMigration } from '../bridge/live.ts'
import { useWords, words } from '../language.tsx'
import { useFigures } from '../parts/figures.ts'
import type { Screen, ScreenName } from '../screen.ts'
import { screenWords } from '../words/screens.ts'
import { screenFromHash } from './hash.ts'

const text = words({
  en: { needs: (count: string) => `${count} need a person` },
  de: { needs: (count: string) => `${count} brauchen einen Menschen` },
})

type Needs = MigrationSnapshot['needs']
const ofMigration = ['overview', 'archives', 'plan', 'devices', 'share', 'transfers', 'verification', 'evidence'] as const
const always = ['start', 'settings', 'diagnostics'] as const

export function SideMenu({ at, go }: { readonly at: ScreenName; readonly go: (screen: Screen) => void }) {
  const t = useWords(text)
  const names = useWords(screenWords)
  const figures = useFigures()
  const migration = useMigration()
  const item = (name: ScreenName): SideNavigationProps.Link => {
    const needs = name in (migration?.needs ?? {}) ? (migration?.needs[name as keyof Needs] ?? 0) : 0
    const link = { type: 'link', text: names[name], href: `#${name}` } as const
    if (needs === 0) return link
    const shown = needs > 999 ? '999+' : figures.count(needs)
    return {
      ...link,
      info: (
        <span title={t.needs(shown)}>
          <Badge color="severity-medium">{shown}</Badge>
          <span className="firn-unseen">{t.needs('')}</span>
        </span>
      ),
    }
  }
  const items: SideNavigationProps.Item[] = [
    ...(migration === undefined ? [] : [...ofMigration.map(item), { type: 'divider' } as const]),
    ...always.map(item),
  ]
  return (
    <SideNavigation
      activeHref={`#${at}`}
      items={items}
      onFollow={(event) => {
        event.preventDefault()
        const screen = screenFromHash(event.detail.href)
        if (screen !== undefined) go(screen)
      }}
    />
  )
}
