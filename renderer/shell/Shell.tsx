/** The frame around every screen: language and look, top bar, menu, content, help, split panel, status line. */
import AppLayout from '@cloudscape-design/components/app-layout'
import SplitPanel from '@cloudscape-design/components/split-panel'
import { I18nProvider } from '@cloudscape-design/components/i18n'
import componentsDe from '@cloudscape-design/components/i18n/messages/all.de'
import componentsEn from '@cloudscape-design/components/i18n/messages/all.en'
import { Suspense, useCallback, useMemo, useRef, useState } from 'react'
import { useAct } from '../bridge/answers.ts'
import { useConnection, useFromMigration, useHost } from '../bridge/live.ts'
import { InLanguage, systemLanguage, useWords, words } from '../language.tsx'
import { PanelsContext, type Help, type OpenPanel } from '../parts/panels.ts'
import { screenTitleId } from '../parts/ScreenFrame.tsx'
import { GoContext, type Screen } from '../screen.ts'
import { Connecting, SessionEnded } from './Closed.tsx'
import { DroppedFolder } from './DroppedFolder.tsx'
import { Fallen } from './Fallen.tsx'
import { Flashes } from './Flashes.tsx'
import { useStaleSince } from './freshness.ts'
import { useScreen } from './hash.ts'
import { HelpPane } from './HelpPane.tsx'
import { useKeys } from './keys.ts'
import { useLook } from './look.ts'
import { ScreenContent } from './screens.tsx'
import { ShortcutList } from './ShortcutList.tsx'
import { SideMenu } from './SideMenu.tsx'
import { StatusLine } from './StatusLine.tsx'
import { useTitle } from './title.ts'
import { TopBar } from './TopBar.tsx'
import { useTroubles } from './troubles.ts'

const text = words({
  en: {
    skip: 'To the content',
    navigation: 'Screens',
    close: 'Close the menu',
    open: 'Open the menu',
    help: 'Help',
    closeHelp: 'Close help',
    openHelp: 'Open help',
    notifications: 'What needs a person',
  },
  de: {
    skip: 'Zum Inhalt',
    navigation: 'Bildschirme',
    close: 'Menü schließen',
    open: 'Menü öffnen',
    help: 'Hilfe',
    closeHelp: 'Hilfe schließen',
    openHelp: 'Hilfe öffnen',
    notifications: 'Was einen Menschen braucht',
  },
})

const overview: Screen = { at: 'overview' }
const start: Screen = { at: 'start' }

export function Shell() {
  const host = useHost()
  const { state } = useConnection()
  const language = host?.settings.language ?? systemLanguage()
  useLook(host?.settings, language)
  return (
    <InLanguage language={language}>
      <I18nProvider locale={language} messages={[componentsEn, componentsDe]}>
        {state === 'ended' ? <SessionEnded /> : host === undefined ? <Connecting /> : <Frame />}
      </I18nProvider>
    </InLanguage>
  )
}

function Frame() {
  const t = useWords(text)
  const [named, setScreen] = useScreen()
  const open = useFromMigration((migration) => migration !== undefined)
  const pausedAll = useFromMigration((migration) => migration?.pausedAll === true)
  const stale = useStaleSince()
  const troubles = useTroubles()
  const screen = named ?? (open ? overview : start)
  const [help, setHelp] = useState<Help>()
  const [helpOpen, setHelpOpen] = useState(false)
  const [keysShown, setKeysShown] = useState(false)
  const [panel, setPanel] = useState<OpenPanel>()
  const [place, setPlace] = useState<HTMLElement | null>(null)
  const entering = useRef(false)
  const arrive = useCallback(() => {
    const entered = entering.current
    entering.current = false
    return entered
  }, [])
  const panels = useMemo(() => ({ help: setHelp, panel: setPanel, place, arrive }), [place, arrive])
  const go = useCallback(
    (to: Screen) => {
      entering.current = true
      setScreen(to)
    },
    [setScreen],
  )
  const toggleHelp = useCallback(() => setHelpOpen((open) => !open), [])
  useTitle(screen.at)
  const pauseAll = useAct('works.pauseAll')
  const resumeAll = useAct('works.resumeAll')
  useKeys({
    go,
    list: useCallback(() => setKeysShown(true), []),
    help: toggleHelp,
    pause: () => {
      if (open) (pausedAll ? resumeAll : pauseAll).mutate({}, { onError: troubles.add })
    },
  })
  return (
    <GoContext value={go}>
      <PanelsContext value={panels}>
        <a
          className="firn-skip"
          href={`#${screen.at}`}
          onClick={(event) => {
            event.preventDefault()
            document.getElementById(screenTitleId)?.focus()
          }}
        >
          {t.skip}
        </a>
        <TopBar go={go} onHelp={toggleHelp} troubles={troubles} />
        <AppLayout
          headerSelector="#firn-top"
          footerSelector="#firn-status"
          ariaLabels={{
            navigation: t.navigation,
            navigationClose: t.close,
            navigationToggle: t.open,
            tools: t.help,
            toolsClose: t.closeHelp,
            toolsToggle: t.openHelp,
            notifications: t.notifications,
          }}
          navigation={<SideMenu at={screen.at} go={go} />}
          navigationWidth={208}
          tools={<HelpPane help={help} />}
          toolsHide={!helpOpen}
          toolsOpen={helpOpen}
          onToolsChange={({ detail }) => setHelpOpen(detail.open)}
          maxContentWidth={Number.MAX_VALUE}
          stickyNotifications
          notifications={<Flashes go={go} troubles={troubles} />}
          content={
            <div className={stale === undefined || !open ? 'firn-content' : 'firn-content firn-stale'}>
              <Fallen key={screen.at} screen={screen.at}>
                <Suspense fallback={null}>
                  <ScreenContent screen={screen} />
                </Suspense>
              </Fallen>
            </div>
          }
          splitPanelOpen={panel !== undefined}
          onSplitPanelToggle={({ detail }) => {
            if (!detail.open) panel?.onClose()
          }}
          splitPanel={
            panel === undefined ? null : (
              <SplitPanel header={panel.title} closeBehavior="hide">
                <div ref={setPlace} />
              </SplitPanel>
            )
          }
        />
        <StatusLine />
        <DroppedFolder go={go} />
        {keysShown ? <ShortcutList onClose={() => setKeysShown(false)} /> : null}
      </PanelsContext>
    </GoContext>
  )
}
