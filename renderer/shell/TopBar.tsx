/** The bar on top: which migration, whether it is a rehearsal, pause, look, language, help. */
import Button from '@cloudscape-design/components/button'
import ButtonDropdown, { type ButtonDropdownProps } from '@cloudscape-design/components/button-dropdown'
import TopNavigation from '@cloudscape-design/components/top-navigation'
import { appearances, languages } from '../../shared/contract/settings.ts'
import { useAct, useAnswer } from '../bridge/answers.ts'
import { useFromMigration, useHost } from '../bridge/live.ts'
import { useLanguage, useWords, words } from '../language.tsx'
import type { Screen } from '../screen.ts'
import { migrationStateWords } from '../words/migrations.ts'
import { Mark } from './Mark.tsx'
import type { Troubles } from './troubles.ts'

const text = words({
  en: {
    bar: 'Firn',
    home: 'Firn, to the overview',
    migrations: 'Migrations',
    none: 'No migration open',
    all: 'All migrations and new ones',
    rehearsalShort: 'rehearsal',
    rehearsal: 'REHEARSAL',
    rehearsalMeans: 'Everything happens against a simulated AWS on this machine. Nothing is sent anywhere.',
    pauseAll: 'Pause all',
    resumeAll: 'Resume all',
    look: 'Appearance',
    system: 'As the system',
    light: 'Light',
    dark: 'Dark',
    language: 'Language',
    en: 'English',
    de: 'Deutsch',
    asSystem: 'As the system',
    help: 'Help for this screen',
  },
  de: {
    bar: 'Firn',
    home: 'Firn, zur Übersicht',
    migrations: 'Migrationen',
    none: 'Keine Migration geöffnet',
    all: 'Alle Migrationen und neue',
    rehearsalShort: 'Probelauf',
    rehearsal: 'PROBELAUF',
    rehearsalMeans: 'Alles geschieht gegen ein nachgebildetes AWS auf diesem Rechner. Nichts wird irgendwohin gesendet.',
    pauseAll: 'Alles anhalten',
    resumeAll: 'Alles fortsetzen',
    look: 'Aussehen',
    system: 'Wie das System',
    light: 'Hell',
    dark: 'Dunkel',
    language: 'Sprache',
    en: 'English',
    de: 'Deutsch',
    asSystem: 'Wie das System',
    help: 'Hilfe zu diesem Bildschirm',
  },
})

type Props = { readonly go: (screen: Screen) => void; readonly onHelp: () => void; readonly troubles: Troubles }

export function TopBar({ go, onHelp, troubles }: Props) {
  const t = useWords(text)
  const kind = useFromMigration((migration) => migration?.kind)
  const pausedAll = useFromMigration((migration) => migration?.pausedAll)
  const pause = useAct('works.pauseAll')
  const resume = useAct('works.resumeAll')
  return (
    <div id="firn-top">
      <TopNavigation identity={{ href: '#overview' }}>
        <div className="firn-top">
          <a className="firn-brand" href="#overview" aria-label={t.home}>
            <Mark /> Firn
          </a>
          <Switcher go={go} troubles={troubles} />
          <span className="firn-space" />
          {kind === 'rehearsal' ? (
            <strong className="firn-rehearsal" title={t.rehearsalMeans}>
              {t.rehearsal}
            </strong>
          ) : null}
          {pausedAll === undefined ? null : pausedAll ? (
            <Button
              iconName="play"
              variant="primary"
              loading={resume.isPending}
              onClick={() => resume.mutate({}, { onError: troubles.add })}
            >
              {t.resumeAll}
            </Button>
          ) : (
            <Button iconName="pause" loading={pause.isPending} onClick={() => pause.mutate({}, { onError: troubles.add })}>
              {t.pauseAll}
            </Button>
          )}
          <Look troubles={troubles} />
          <Button variant="icon" iconName="status-info" ariaLabel={t.help} onClick={onHelp} />
        </div>
      </TopNavigation>
    </div>
  )
}

function Switcher({ go, troubles }: Omit<Props, 'onHelp'>) {
  const t = useWords(text)
  const states = useWords(migrationStateWords)
  const id = useFromMigration((migration) => migration?.id)
  const name = useFromMigration((migration) => migration?.name) ?? t.none
  const list = useAnswer('migrations.list', {}, { refetchInterval: 60_000 })
  const open = useAct('migrations.open', { changes: ['migrations.list'], onDone: () => go({ at: 'overview' }) })
  const items: ButtonDropdownProps.ItemOrGroup[] = [
    ...(list.data?.migrations ?? []).map((one) => ({
      id: one.id,
      text: one.name,
      secondaryText: [...(one.kind === 'rehearsal' ? [t.rehearsalShort] : []), states[one.state]].join(' · '),
      disabled: one.state === 'gone' || one.state === 'held' || one.id === id,
    })),
    { id: '', text: t.all, iconName: 'arrow-right' },
  ]
  return (
    <ButtonDropdown
      items={items}
      ariaLabel={`${t.migrations}: ${name}`}
      loading={open.isPending}
      onItemClick={({ detail }) => {
        if (detail.id === '') go({ at: 'start' })
        else open.mutate({ id: detail.id }, { onError: troubles.add })
      }}
    >
      <span className="firn-migration">{name}</span>
    </ButtonDropdown>
  )
}

function Look({ troubles }: Pick<Props, 'troubles'>) {
  const t = useWords(text)
  const language = useLanguage()
  const settings = useHost()?.settings
  const save = useAct('host.saveSettings')
  return (
    <>
      <ButtonDropdown
        variant="icon"
        ariaLabel={t.look}
        iconSvg={
          <svg viewBox="0 0 16 16" focusable="false" aria-hidden="true">
            <path d="M13.5 9.8A6 6 0 0 1 6.2 2.5a6 6 0 1 0 7.3 7.3Z" />
          </svg>
        }
        items={appearances.map((id) => ({ id, text: t[id], itemType: 'checkbox', checked: settings?.appearance === id }))}
        onItemClick={({ detail }) => {
          const appearance = appearances.find((one) => one === detail.id)
          if (appearance !== undefined) save.mutate({ settings: { appearance } }, { onError: troubles.add })
        }}
      />
      <ButtonDropdown
        ariaLabel={`${language.toUpperCase()}, ${t.language}: ${t[language]}`}
        items={[
          ...languages.map((id) => ({ id, text: t[id], itemType: 'checkbox' as const, checked: settings?.language === id })),
          { id: '', text: t.asSystem, itemType: 'checkbox' as const, checked: settings?.language === null },
        ]}
        onItemClick={({ detail }) =>
          save.mutate({ settings: { language: languages.find((one) => one === detail.id) ?? null } }, { onError: troubles.add })
        }
      >
        {language.toUpperCase()}
      </ButtonDropdown>
    </>
  )
}
