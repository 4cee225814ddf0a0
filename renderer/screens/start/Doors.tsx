/** The two doors: rehearse, and connect to AWS; what each will and will not do. */
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import ExpandableSection from '@cloudscape-design/components/expandable-section'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Icon from '@cloudscape-design/components/icon'
import Input from '@cloudscape-design/components/input'
import SegmentedControl from '@cloudscape-design/components/segmented-control'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import type { ChosenPath } from '../../../shared/contract/calls/call.ts'
import { useAct } from '../../bridge/answers.ts'
import { useWords } from '../../language.tsx'
import { ChooseFolder } from '../../parts/ChooseFolder.tsx'
import { FaultBox } from '../../parts/FaultBox.tsx'
import { useGo } from '../../screen.ts'
import { startWords } from './startWords.ts'

/** Without `onConnect` the second door leads to the Start screen. */
export function Doors({ onConnect }: { readonly onConnect?: () => void }) {
  const t = useWords(startWords)
  const go = useGo()
  return (
    <div className="firn-columns">
      <Rehearse />
      <Container
        header={
          <Header variant="h2" description={t.connectLead}>
            {t.connect}
          </Header>
        }
      >
        <SpaceBetween size="m">
          <Promises does={t.connectDoes} not={t.connectNot} />
          <Button onClick={() => (onConnect === undefined ? go({ at: 'start' }) : onConnect())}>{t.connectNow}</Button>
        </SpaceBetween>
      </Container>
    </div>
  )
}

function Promises({ does, not }: { readonly does: readonly string[]; readonly not: readonly string[] }) {
  const t = useWords(startWords)
  return (
    <div className="firn-promises">
      <ul aria-label={t.does}>
        {does.map((one) => (
          <li key={one}>
            <Icon name="check" variant="subtle" /> {one}
          </li>
        ))}
      </ul>
      <ul aria-label={t.doesNot}>
        {not.map((one) => (
          <li key={one}>
            <Icon name="lock-private" variant="subtle" /> {one}
          </li>
        ))}
      </ul>
    </div>
  )
}

type Options = {
  readonly own: ChosenPath | undefined
  readonly source: 'sample' | 'own'
  readonly instances: string
  readonly seed: string
  readonly faults: 'none' | 'some'
  readonly speed: string
}
const usual: Options = { own: undefined, source: 'sample', instances: '2000', seed: '1', faults: 'none', speed: '20000' }

function Rehearse() {
  const t = useWords(startWords)
  const go = useGo()
  const [options, setOptions] = useState(usual)
  const rehearse = useAct('migrations.rehearse', { changes: ['migrations.list'], onDone: () => go({ at: 'overview' }) })
  const own = options.source === 'own'
  const begin = (): void =>
    rehearse.mutate({
      archive: own ? (options.own?.token ?? null) : null,
      instances: Number(options.instances),
      seed: Number(options.seed),
      faults: options.faults,
      speed: Number(options.speed),
    })
  return (
    <Container
      header={
        <Header variant="h2" description={t.rehearseLead}>
          {t.rehearse}
        </Header>
      }
    >
      <SpaceBetween size="m">
        <Promises does={t.rehearseDoes} not={t.rehearseNot} />
        <Button variant="primary" loading={rehearse.isPending} disabled={own && options.own === undefined} onClick={begin}>
          {own ? t.rehearseFolder : t.rehearseNow}
        </Button>
        {rehearse.error === null ? null : <FaultBox fault={rehearse.error} onRetry={begin} compact />}
        <ExpandableSection headerText={t.options}>
          <RehearsalOptions options={options} onChange={(change) => setOptions((before) => ({ ...before, ...change }))} />
        </ExpandableSection>
      </SpaceBetween>
    </Container>
  )
}

type OptionProps = { readonly options: Options; readonly onChange: (change: Partial<Options>) => void }

function RehearsalOptions({ options, onChange }: OptionProps) {
  const t = useWords(startWords)
  return (
    <SpaceBetween size="s">
      <FormField label={t.archive} description={options.source === 'own' ? t.ownHint : undefined}>
        <SpaceBetween size="xs">
          <SegmentedControl
            label={t.archive}
            selectedId={options.source}
            options={[
              { id: 'sample', text: t.sample },
              { id: 'own', text: t.own },
            ]}
            onChange={({ detail }) => onChange({ source: detail.selectedId === 'own' ? 'own' : 'sample' })}
          />
          {options.source === 'own' ? (
            <SpaceBetween direction="horizontal" size="xs" alignItems="center">
              <ChooseFolder purpose="archive" label={t.chooseFolder} onChosen={(own) => onChange({ own })} />
              <span>{options.own?.label}</span>
            </SpaceBetween>
          ) : null}
        </SpaceBetween>
      </FormField>
      {options.source === 'sample' ? (
        <div className="firn-fields">
          <FormField label={t.instances} description={t.instancesHint}>
            <Input type="number" value={options.instances} onChange={({ detail }) => onChange({ instances: detail.value })} />
          </FormField>
          <FormField label={t.seed} description={t.seedHint}>
            <Input type="number" value={options.seed} onChange={({ detail }) => onChange({ seed: detail.value })} />
          </FormField>
        </div>
      ) : null}
      <FormField label={t.faults}>
        <SegmentedControl
          label={t.faults}
          selectedId={options.faults}
          options={[
            { id: 'none', text: t.faultsNone },
            { id: 'some', text: t.faultsSome },
          ]}
          onChange={({ detail }) => onChange({ faults: detail.selectedId === 'some' ? 'some' : 'none' })}
        />
      </FormField>
      <FormField label={t.speed} description={t.speedHint}>
        <Input type="number" value={options.speed} onChange={({ detail }) => onChange({ speed: detail.value })} />
      </FormField>
    </SpaceBetween>
  )
}
