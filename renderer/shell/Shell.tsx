/** The frame around every screen: language and look, top bar, menu, content, help, split panel, status line. */
import AppLayout from '@cloudscape-design/components/app-layout'
import SplitPanel from '@cloudscape-design/components/split-panel'
import { I18nProvider } from '@cloudscape-design/components/i18n'
import componentsDe from '@cloudscape-design/components/i18n/messages/all.de'
import componentsEn from '@cloudscape-design/components/i18n/messages/all.en'
import { Suspense, useMemo, useState } from 'react'
import { useHost, useMigration } from '../bridge/live.ts'
import { InLanguage, systemLanguage } from '../language.tsx'
import { PanelsContext, type Help, type OpenPanel } from '../parts/panels.ts'
import { GoContext } from '../screen.ts'
import { useLook } from './look.ts'
import { useScreen } from './hash.ts'
import { HelpPane } from './HelpPane.tsx'
import { ScreenContent } from './screens.tsx'
import { SideMenu } from './SideMenu.tsx'

export function Shell() {
  const host = useHost()
  const language = host?.settings.language ?? systemLanguage()
  useLook(host?.settings, language)
  return (
    <InLanguage language={language}>
      <I18nProvider locale={language} messages={[componentsEn, componentsDe]}>
        <Frame />
      </I18nProvider>
    </InLanguage>
  )
}

function Frame() {
  const [named, go] = useScreen()
  const migration = useMigration()
  const screen = named ?? { at: migration === undefined ? 'start' : 'overview' }
  const [help, setHelp] = useState<Help>()
  const [helpOpen, setHelpOpen] = useState(false)
  const [panel, setPanel] = useState<OpenPanel>()
  const [place, setPlace] = useState<HTMLElement | null>(null)
  const panels = useMemo(() => ({ help: setHelp, panel: setPanel, place }), [place])
  return (
    <GoContext value={go}>
      <PanelsContext value={panels}>
        <AppLayout
          navigation={<SideMenu at={screen.at} go={go} />}
          navigationWidth={220}
          tools={<HelpPane help={help} />}
          toolsOpen={helpOpen}
          onToolsChange={({ detail }) => setHelpOpen(detail.open)}
          content={
            <Suspense fallback={null}>
              <ScreenContent key={screen.at} screen={screen} />
            </Suspense>
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
      </PanelsContext>
    </GoContext>
  )
}
