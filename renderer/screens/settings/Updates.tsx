/** Updates: off until an administrator names a feed, and never while work is open. */
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import type { HostState } from '../../../shared/contract/hostState.ts'
import { useAct } from '../../bridge/answers.ts'
import { useWords } from '../../language.tsx'
import { FaultBox } from '../../parts/FaultBox.tsx'
import { settingsWords } from './settingsWords.ts'

export function Updates({ host }: { readonly host: HostState }) {
  const t = useWords(settingsWords)
  const { update, settings } = host
  const [feed, setFeed] = useState(settings.update.feed ?? '')
  const save = useAct('host.saveSettings')
  const check = useAct('host.checkUpdate')
  const install = useAct('host.installUpdate')
  const feedWrong = feed !== '' && !(feed.startsWith('https://') && URL.canParse(feed))
  const fault = save.error ?? check.error ?? install.error
  return (
    <Container
      header={
        <Header variant="h2" description={t.version(host.version)}>
          {t.update}
        </Header>
      }
    >
      <SpaceBetween size="m">
        <FormField label={t.feed} description={t.feedHint} errorText={feedWrong ? t.feedWrong : undefined}>
          <Input
            value={feed}
            onChange={({ detail }) => setFeed(detail.value.trim())}
            inputMode="url"
            autoComplete={false}
            spellcheck={false}
          />
        </FormField>
        <SpaceBetween direction="horizontal" size="xs">
          <Button
            disabled={feedWrong || feed === (settings.update.feed ?? '')}
            loading={save.isPending}
            onClick={() => save.mutate({ settings: { update: { feed: feed === '' ? null : feed } } })}
          >
            {t.save}
          </Button>
          <Button disabled={settings.update.feed === null} loading={check.isPending} onClick={() => check.mutate({})}>
            {t.check}
          </Button>
          {update.state === 'ready' ? (
            <Button variant="primary" loading={install.isPending} onClick={() => install.mutate({})}>
              {t.install}
            </Button>
          ) : null}
        </SpaceBetween>
        <Box color="text-body-secondary">
          {t.states[update.state]} {update.version === null ? '' : t.version(update.version)}
        </Box>
        {fault === null ? null : <FaultBox fault={fault} compact />}
      </SpaceBetween>
    </Container>
  )
}
