/** What a person prefers on this machine: look, language, behaviour, wallboard, updates, kept keys. Each change is kept at once. */
import Alert from '@cloudscape-design/components/alert'
import { useHost } from '../bridge/live.ts'
import { useWords } from '../language.tsx'
import { ScreenFrame } from '../parts/ScreenFrame.tsx'
import { Behaviour } from './settings/Behaviour.tsx'
import { KeptKeys } from './settings/KeptKeys.tsx'
import { Look } from './settings/Look.tsx'
import { settingsHelp, settingsWords } from './settings/settingsWords.ts'
import { Updates } from './settings/Updates.tsx'
import { Wallboard } from './settings/Wallboard.tsx'

export function Settings() {
  const t = useWords(settingsWords)
  const host = useHost()
  return (
    <ScreenFrame title={t.title} description={t.lead} help={settingsHelp}>
      {host === undefined ? null : (
        <>
          {host.settingsRefused.length === 0 ? null : (
            <Alert type="warning" header={t.refused}>
              <code>{host.settingsRefused.join(', ')}</code>
            </Alert>
          )}
          <div className="firn-columns">
            <Look settings={host.settings} />
            <Behaviour host={host} />
          </div>
          <Wallboard host={host} />
          <div className="firn-columns">
            <KeptKeys available={host.secretStore} />
            <Updates host={host} />
          </div>
        </>
      )}
    </ScreenFrame>
  )
}
