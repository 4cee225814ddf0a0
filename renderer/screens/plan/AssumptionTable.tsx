/** What the figures rest on: each assumption with its value, changed in place, and where it was read. */
import Box from '@cloudscape-design/components/box'
import FormField from '@cloudscape-design/components/form-field'
import Table from '@cloudscape-design/components/table'
import Header from '@cloudscape-design/components/header'
import type { Assumption } from '../../../shared/domain/plan.ts'
import { useLanguage, useWords } from '../../language.tsx'
import { useFigures } from '../../parts/figures.ts'
import { FieldEntry } from './FieldEntry.tsx'
import { fieldProblems, problemText } from './fieldProblems.ts'
import { isField, valueAt } from './fields.ts'
import type { Planning } from './planning.ts'
import { assumptionText, isoDate, sourceText, unitText } from './planTexts.ts'
import { routeStepWords } from './routeWords.ts'

type Props = { readonly planning: Planning; readonly assumptions: readonly Assumption[] }

export function AssumptionTable({ planning, assumptions }: Props) {
  const text = useWords(routeStepWords)
  const problems = useWords(fieldProblems)
  const language = useLanguage()
  const figures = useFigures()
  const { draft, estimated, wrong, give } = planning
  const held = (name: string): unknown => draft.answers[name] ?? valueAt(estimated.data?.answers, name)
  return (
    <Table
      variant="container"
      items={assumptions}
      trackBy="id"
      wrapLines
      contentDensity="compact"
      header={
        <Header variant="h2" description={text.assumptionsHint}>
          {text.assumptions}
        </Header>
      }
      columnDefinitions={[
        { id: 'assumption', header: text.assumption, isRowHeader: true, width: '32%', cell: (one) => assumptionText(one, language) },
        {
          id: 'value',
          header: text.value,
          width: 250,
          cell: (one) => {
            const { field } = one
            if (field === 'link.windows') return `${valueText(one, language)} (${text.inWhen})`
            if (field === null || !isField(field)) return valueText(one, language)
            return (
              <FormField errorText={wrong(field) ? problemText(problems, field) : undefined}>
                <FieldEntry
                  name={field}
                  label={assumptionText(one, language)}
                  value={held(field)}
                  invalid={wrong(field)}
                  onChange={(value) => give({ [field]: value })}
                />
              </FormField>
            )
          },
        },
        {
          id: 'rests',
          header: text.rests,
          cell: (one) => (
            <Box fontSize="body-s" color="text-body-secondary">
              {text.read(sourceText(one.source, language), isoDate(figures, one.checked))}
            </Box>
          ),
        },
      ]}
    />
  )
}

function valueText({ value, unit }: Assumption, language: 'en' | 'de'): string {
  const number = (of: number): string => new Intl.NumberFormat(language, { maximumFractionDigits: 2 }).format(of)
  const said = typeof value === 'object' ? `${number(value.low)}–${number(value.high)}` : typeof value === 'number' ? number(value) : value
  const unitSaid = unitText(unit, language)
  return unitSaid === 'fache' ? `${said}-fache` : `${said} ${unitSaid}`.trim()
}
