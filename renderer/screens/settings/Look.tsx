/** Appearance, density, language. */
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import SegmentedControl from '@cloudscape-design/components/segmented-control'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { appearances, languages, type Settings } from '../../../shared/contract/settings.ts'
import { useAct } from '../../bridge/answers.ts'
import { useWords } from '../../language.tsx'
import { FaultBox } from '../../parts/FaultBox.tsx'
import { settingsWords } from './settingsWords.ts'

export function Look({ settings }: { readonly settings: Settings }) {
  const t = useWords(settingsWords)
  const save = useAct('host.saveSettings')
  return (
    <Container header={<Header variant="h2">{t.look}</Header>}>
      <SpaceBetween size="m">
        <FormField label={t.appearance}>
          <SegmentedControl
            label={t.appearance}
            selectedId={settings.appearance}
            options={appearances.map((id) => ({ id, text: t[id] }))}
            onChange={({ detail }) => {
              const appearance = appearances.find((one) => one === detail.selectedId)
              if (appearance !== undefined) save.mutate({ settings: { appearance } })
            }}
          />
        </FormField>
        <FormField label={t.density}>
          <SegmentedControl
            label={t.density}
            selectedId={settings.density}
            options={[
              { id: 'compact', text: t.compact },
              { id: 'comfortable', text: t.comfortable },
            ]}
            onChange={({ detail }) =>
              save.mutate({ settings: { density: detail.selectedId === 'comfortable' ? 'comfortable' : 'compact' } })
            }
          />
        </FormField>
        <FormField label={t.language}>
          <SegmentedControl
            label={t.language}
            selectedId={settings.language ?? 'system'}
            options={[
              { id: 'system', text: t.system },
              { id: 'en', text: 'English' },
              { id: 'de', text: 'Deutsch' },
            ]}
            onChange={({ detail }) => save.mutate({ settings: { language: languages.find((one) => one === detail.selectedId) ?? null } })}
          />
        </FormField>
        {save.error === null ? null : <FaultBox fault={save.error} compact />}
      </SpaceBetween>
    </Container>
  )
}
