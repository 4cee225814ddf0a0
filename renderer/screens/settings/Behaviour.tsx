/** Notifications, what closing does, and when a console screen is logged out. */
import Button from '@cloudscape-design/components/button'
import Checkbox from '@cloudscape-design/components/checkbox'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import RadioGroup from '@cloudscape-design/components/radio-group'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import type { HostState } from '../../../shared/contract/hostState.ts'
import { notificationKinds } from '../../../shared/contract/settings.ts'
import { useAct } from '../../bridge/answers.ts'
import { useWords } from '../../language.tsx'
import { FaultBox } from '../../parts/FaultBox.tsx'
import { settingsWords } from './settingsWords.ts'

export function Behaviour({ host }: { readonly host: HostState }) {
  const t = useWords(settingsWords)
  const { settings } = host
  const save = useAct('host.saveSettings')
  const logOut = useAct('host.logOut')
  const [idle, setIdle] = useState(String(settings.idleMinutes))
  const idleWrong = !/^\d{1,3}$/.test(idle) || Number(idle) < 1 || Number(idle) > 480
  const fault = save.error ?? logOut.error
  return (
    <Container header={<Header variant="h2">{t.behaviour}</Header>}>
      <SpaceBetween size="m">
        <FormField label={t.notifications}>
          <SpaceBetween size="xxs">
            {notificationKinds.map((kind) => (
              <Checkbox
                key={kind}
                checked={settings.notifications[kind]}
                onChange={({ detail }) =>
                  save.mutate({ settings: { notifications: { ...settings.notifications, [kind]: detail.checked } } })
                }
              >
                {t.kinds[kind]}
              </Checkbox>
            ))}
          </SpaceBetween>
        </FormField>
        <FormField label={t.onClose}>
          <RadioGroup
            value={settings.onClose}
            onChange={({ detail }) => save.mutate({ settings: { onClose: detail.value === 'stop' ? 'stop' : 'go-on' } })}
            items={[
              { value: 'go-on', label: t.goOn, description: t.goOnMeans },
              { value: 'stop', label: t.stop, description: t.stopMeans },
            ]}
          />
        </FormField>
        {host.host === 'console' ? (
          <FormField label={t.idle} description={t.minutes} errorText={idleWrong ? t.idleWrong : undefined}>
            <SpaceBetween direction="horizontal" size="xs">
              <Input type="number" value={idle} onChange={({ detail }) => setIdle(detail.value)} />
              <Button
                disabled={idleWrong || Number(idle) === settings.idleMinutes}
                loading={save.isPending}
                onClick={() => save.mutate({ settings: { idleMinutes: Number(idle) } })}
              >
                {t.save}
              </Button>
              <Button loading={logOut.isPending} onClick={() => logOut.mutate({})}>
                {t.logOut}
              </Button>
            </SpaceBetween>
          </FormField>
        ) : null}
        {fault === null ? null : <FaultBox fault={fault} compact />}
      </SpaceBetween>
    </Container>
  )
}
