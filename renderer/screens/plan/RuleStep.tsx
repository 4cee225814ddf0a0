/** What goes: studies chosen by rule, with a count that follows each change. */
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import ColumnLayout from '@cloudscape-design/components/column-layout'
import Container from '@cloudscape-design/components/container'
import DateInput from '@cloudscape-design/components/date-input'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import Multiselect from '@cloudscape-design/components/multiselect'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import { useAnswer } from '../../bridge/answers.ts'
import { useWords } from '../../language.tsx'
import { Answered } from '../../parts/Answered.tsx'
import { useFigures } from '../../parts/figures.ts'
import { SplitBar } from '../../parts/SplitBar.tsx'
import { modalitiesIn } from '../archives/heatCells.ts'
import { emptyForm, type RuleField } from './ruleForm.ts'
import type { Planning } from './planning.ts'
import { ruleWords } from './ruleWords.ts'

export function RuleStep({ planning }: { readonly planning: Planning }) {
  const text = useWords(ruleWords)
  const { draft, changeForm, ruleProblems } = planning
  const { form } = draft
  const archives = useAnswer('archives.list', {})
  const heat = useAnswer('archives.heatMap', { archiveId: null }, { staleTime: 60_000 })
  const archiveOptions = (archives.data?.archives ?? []).map(({ id, label }) => ({ value: String(id), label }))
  const cells = heat.data?.cells ?? []
  const modalityOptions = [
    ...modalitiesIn(cells).map((one) => ({ value: one, label: one })),
    ...(cells.some(({ modality }) => modality === null) ? [{ value: '', label: text.noModality }] : []),
  ]
  const problem = (field: RuleField): string | undefined => {
    const found = ruleProblems[field]
    return found === undefined ? undefined : text.problems[found]
  }
  const entry = (field: 'folder' | 'smallest' | 'largest' | 'coldYears', mode: 'text' | 'decimal' = 'decimal') => (
    <Input
      value={form[field]}
      inputMode={mode}
      autoComplete={false}
      spellcheck={false}
      invalid={ruleProblems[field] !== undefined}
      onChange={({ detail }) => changeForm({ [field]: detail.value })}
    />
  )
  const day = (field: 'from' | 'to') => (
    <DateInput
      format="iso"
      placeholder={text.dayFormat}
      value={form[field]}
      invalid={ruleProblems[field] !== undefined}
      onChange={({ detail }) => changeForm({ [field]: detail.value })}
    />
  )
  return (
    <SpaceBetween size="m">
      <CountBox planning={planning} />
      <Container
        header={
          <Header
            variant="h2"
            description={text.allMustHold}
            actions={
              <Button disabled={JSON.stringify(form) === JSON.stringify(emptyForm)} onClick={() => changeForm(emptyForm)}>
                {text.clear}
              </Button>
            }
          >
            {text.rule}
          </Header>
        }
      >
        <ColumnLayout columns={2}>
          <FormField label={text.cold} description={text.coldHint} errorText={problem('coldYears')}>
            <Unit unit={text.years}>{entry('coldYears')}</Unit>
          </FormField>
          <FormField label={text.modalities} description={text.modalitiesHint}>
            <Multiselect
              selectedOptions={modalityOptions.filter(({ value }) => form.modalities.includes(value))}
              options={modalityOptions}
              placeholder={text.every}
              deselectAriaLabel={({ label }) => text.takeOff(label ?? '')}
              statusType={heat.isPending ? 'loading' : 'finished'}
              empty={text.noneFound}
              onChange={({ detail }) =>
                changeForm({ modalities: detail.selectedOptions.flatMap(({ value }) => (value === undefined ? [] : [value])) })
              }
            />
          </FormField>
          <ColumnLayout columns={2}>
            <FormField label={text.from} description={text.fromHint} errorText={problem('from')}>
              {day('from')}
            </FormField>
            <FormField label={text.until} description={text.untilHint} errorText={problem('to')}>
              {day('to')}
            </FormField>
          </ColumnLayout>
          <ColumnLayout columns={2}>
            <FormField label={text.smallest} description={text.sizesHint} errorText={problem('smallest')}>
              <Unit unit="MB">{entry('smallest')}</Unit>
            </FormField>
            <FormField label={text.largest} description={text.sizesHint} errorText={problem('largest')}>
              <Unit unit="MB">{entry('largest')}</Unit>
            </FormField>
          </ColumnLayout>
          <FormField label={text.folder} description={text.folderHint} errorText={problem('folder')}>
            {entry('folder', 'text')}
          </FormField>
          {archiveOptions.length > 1 && (
            <FormField label={text.archives}>
              <Multiselect
                selectedOptions={archiveOptions.filter(({ value }) => form.archiveIds.includes(Number(value)))}
                options={archiveOptions}
                placeholder={text.every}
                deselectAriaLabel={({ label }) => text.takeOff(label ?? '')}
                onChange={({ detail }) => changeForm({ archiveIds: detail.selectedOptions.map(({ value }) => Number(value)) })}
              />
            </FormField>
          )}
        </ColumnLayout>
      </Container>
    </SpaceBetween>
  )
}

function Unit({ unit, children }: { readonly unit: string; readonly children: React.ReactNode }) {
  return (
    <SpaceBetween direction="horizontal" size="xs" alignItems="center">
      {children}
      <span aria-hidden="true">{unit}</span>
    </SpaceBetween>
  )
}

function CountBox({ planning }: { readonly planning: Planning }) {
  const text = useWords(ruleWords)
  const figures = useFigures()
  const { counted, countIsFresh } = planning
  return (
    <Container>
      <Answered of={counted}>
        {({ chosen, all }) => (
          <SpaceBetween size="s">
            <SpaceBetween direction="horizontal" size="m" alignItems="center">
              <Box fontSize="heading-xl" fontWeight="bold">
                <span role="status">
                  {text.chosen(figures.count(chosen.studies), figures.items(chosen.items), figures.bytes(chosen.bytes))}
                </span>
              </Box>
              {!countIsFresh && <StatusIndicator type="in-progress">{text.counting}</StatusIndicator>}
            </SpaceBetween>
            <SplitBar
              label={text.split}
              formatValue={figures.bytes}
              parts={[
                { label: text.goes, value: chosen.bytes, tone: 'info' },
                { label: text.stays, value: Math.max(0, all.bytes - chosen.bytes), tone: 'later' },
              ]}
            />
            {chosen.studies === 0 && all.studies > 0 && <StatusIndicator type="warning">{text.takesNothing}</StatusIndicator>}
            {all.studies === 0 && <StatusIndicator type="info">{text.nothingLeft}</StatusIndicator>}
          </SpaceBetween>
        )}
      </Answered>
    </Container>
  )
}
