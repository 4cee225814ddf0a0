/** The way to every screen, with the count of what needs a person beside it, and nothing else. */
import Badge from '@cloudscape-design/components/badge'
import SideNavigation, { type SideNavigationProps } from '@cloudscape-design/components/side-navigation'
import type { MigrationSnapshot } from '../../shared/contract/snapshot.ts'
import { useFromMigration } from '../bridge/live.ts'
import { useWords, words } from '../language.tsx'
import { useFigures } from '../parts/figures.ts'
import type { Screen, ScreenName } from '../screen.ts'
import { screenWords } from '../words/screens.ts'
import { screenFromHash } from './hash.ts'

const text = words({
  en: { needs: (count: string) => `${count} need a person` },
  de: { needs: (count: string) => `${count} brauchen einen Menschen` },
})

const ofMigration = ['overview', 'archives', 'plan', 'devices', 'share', 'transfers', 'verification', 'evidence'] as const
function needsOf(migration: MigrationSnapshot | undefined, name: (typeof ofMigration)[number]): number {
  return migration === undefined || name === 'overview' ? 0 : migration.needs[name]
}
const always = ['start', 'settings', 'diagnostics'] as const

export function SideMenu({ at, go }: { readonly at: ScreenName; readonly go: (screen: Screen) => void }) {
  const t = useWords(text)
  const names = useWords(screenWords)
  const figures = useFigures()
  const open = useFromMigration((migration) => migration !== undefined)
  const counts = useFromMigration((migration) => ofMigration.map((name) => needsOf(migration, name)).join())
    .split(',')
    .map(Number)
  const item = (name: ScreenName): SideNavigationProps.Link => {
    const needs = counts[(ofMigration as readonly ScreenName[]).indexOf(name)] ?? 0
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
    ...(!open ? [] : [...ofMigration.map(item), { type: 'divider' } as const]),
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
