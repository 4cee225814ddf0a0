/** Which route: the lanes side by side, the choice between them, the chart, and what it all rests on. */
import ColumnLayout from '@cloudscape-design/components/column-layout'
import Container from '@cloudscape-design/components/container'
import DateInput from '@cloudscape-design/components/date-input'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import RadioGroup from '@cloudscape-design/components/radio-group'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import type { PlanEstimate } from '../../../shared/domain/plan.ts'
import { routes as allRoutes, type Route } from '../../../shared/domain/route.ts'
import { isFault } from '../../../shared/faults/fault.ts'
import { useLanguage, useWords } from '../../language.tsx'
import { Answered } from '../../parts/Answered.tsx'
import { AssumptionTable } from './AssumptionTable.tsx'
import { fieldProblems } from './fieldProblems.ts'
import { valueAt } from './fields.ts'
import type { Planning } from './planning.ts'
import { isClosed, routeNames, shortRoutes } from './planTexts.ts'
import { Prices } from './Prices.tsx'
import { RouteChart } from './RouteChart.tsx'
import { RouteTable } from './RouteTable.tsx'
import { routeStepWords } from './routeWords.ts'

export function RouteStep({ planning }: { readonly planning: Planning }) {
  const text = useWords(routeStepWords)
  const { estimated, curve, answers } = planning
  // A field that the engine refuses is shown at its field; the columns stay as they were.
  const shown = isFault(estimated.error) && estimated.error.code === 'bad-input' && estimated.data !== undefined
  return (
    <Answered of={{ data: estimated.data, error: shown ? null : estimated.error, refetch: estimated.refetch }}>
      {({ estimate }) => (
        <SpaceBetween size="m">
          <Container
            header={
              <Header
                variant="h2"
                description={text.compareHint}
                actions={answers === undefined || shown ? <StatusIndicator type="warning">{text.stale}</StatusIndicator> : undefined}
              >
                {text.compare}
              </Header>
            }
          >
            <SpaceBetween size="l">
              <RouteTable estimate={estimate} />
              <Choice planning={planning} estimate={estimate} />
            </SpaceBetween>
          </Container>
          <Container
            header={
              <Header variant="h2" description={text.chartHint}>
                {text.chart}
              </Header>
            }
          >
            <Answered of={{ data: curve.data, error: shown ? null : curve.error, refetch: curve.refetch }}>
              {(answer) => <RouteChart curve={answer} />}
            </Answered>
          </Container>
          <AssumptionTable planning={planning} assumptions={estimate.assumptions} />
          <Prices planning={planning} />
        </SpaceBetween>
      )}
    </Answered>
  )
}

function Choice({ planning, estimate }: { readonly planning: Planning; readonly estimate: PlanEstimate }) {
  const text = useWords(routeStepWords)
  const problems = useWords(fieldProblems)
  const language = useLanguage()
  const { draft, give, wrong, today } = planning
  const division = draft.answers['division']
  const kind = valueAt(division, 'kind')
  const route = valueAt(division, 'route')
  const before = valueAt(division, 'deviceBefore')
  const value = kind === 'one-lane' && typeof route === 'string' ? route : kind === 'by-study-date' ? kind : 'recommended'
  const closed = (of: Route): boolean => estimate.routes.some((one) => one.route === of && isClosed(one))
  const change = (to: string): void => {
    const lane = allRoutes.find((one) => one === to)
    if (lane !== undefined) give({ division: { kind: 'one-lane', route: lane } })
    else if (to === 'by-study-date') give({ division: { kind: 'by-study-date', deviceBefore: `${Number(today.slice(0, 4)) - 7}0101` } })
    else give({ division: undefined })
  }
  return (
    <ColumnLayout columns={kind === 'by-study-date' ? 2 : 1}>
      <FormField label={text.choose} stretch>
        <RadioGroup
          value={value}
          onChange={({ detail }) => change(detail.value)}
          items={[
            {
              value: 'recommended',
              label: estimate.recommended === null ? text.recommendedNone : text.recommended(shortRoutes[language][estimate.recommended]),
              description: text.recommendedHint,
            },
            ...allRoutes.map((lane) => ({
              value: lane,
              label: routeNames[language][lane],
              description: text.all,
              disabled: closed(lane),
            })),
            { value: 'by-study-date', label: text.byDate, description: text.byDateHint, disabled: closed('device') || closed('share') },
          ]}
        />
      </FormField>
      {kind === 'by-study-date' && (
        <FormField label={text.before} errorText={wrong('division') ? problems.division : undefined}>
          <DateInput
            format="iso"
            placeholder={text.day}
            value={typeof before === 'string' ? dashed(before) : ''}
            onChange={({ detail }) => give({ division: { kind: 'by-study-date', deviceBefore: detail.value.replaceAll('-', '') } })}
          />
        </FormField>
      )}
    </ColumnLayout>
  )
}

/** 20190101 as 2019-01-01; what is being typed stays as far as it goes. */
function dashed(date: string): string {
  return [date.slice(0, 4), date.slice(4, 6), date.slice(6, 8)].filter((part) => part !== '').join('-')
}
