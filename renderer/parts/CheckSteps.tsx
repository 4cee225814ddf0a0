/** A check-up as an ordered list: what was looked at, what was seen, how long it took, and what to do when it is not good. */
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import Steps from '@cloudscape-design/components/steps'
import type { CheckStep } from '../../shared/contract/calls/call.ts'
import { useLanguage, useWords, words } from '../language.tsx'
import { checkName, checkSentence } from '../words/checks.ts'
import { useFigures } from './figures.ts'

const text = words({
  en: { good: 'good', bad: 'not good', unknown: 'could not be checked', label: 'Check-up', todo: 'What to do' },
  de: { good: 'gut', bad: 'nicht gut', unknown: 'ließ sich nicht prüfen', label: 'Prüfgang', todo: 'Was zu tun ist' },
})
/** Blue when good: green is for what is verified. */
const looks = {
  good: { type: 'success', color: 'blue' },
  bad: { type: 'error', color: 'red' },
  unknown: { type: 'warning', color: 'yellow' },
} as const

export function CheckSteps({ steps }: { readonly steps: readonly CheckStep[] }) {
  const t = useWords(text)
  const language = useLanguage()
  const figures = useFigures()
  return (
    <div className="firn-checks">
      <Steps
        ariaLabel={t.label}
        steps={steps.map((step, at) => ({ status: looks[step.state].type, header: String(at) }))}
        renderStep={({ header }) => {
          const step = steps[Number(header)]
          if (step === undefined) return { header: null }
          const { type, color } = looks[step.state]
          return {
            icon: <StatusIndicator type={type} colorOverride={color} iconAriaLabel={t[step.state]} />,
            header: (
              <span>
                <strong>{checkName(step.step, language)}</strong>{' '}
                <span className="firn-quiet">
                  {t[step.state]} · {figures.duration(step.durationMs)}
                </span>
              </span>
            ),
            details: (
              <div className="firn-check">
                <Sentence text={step.message} />
                {step.todo === null ? null : (
                  <div>
                    {t.todo}: <Sentence text={step.todo} />
                  </div>
                )}
              </div>
            ),
          }
        }}
      />
    </div>
  )
}

function Sentence({ text: english }: { readonly text: string }) {
  const said = checkSentence(english, useLanguage())
  return said === undefined ? <span lang="en">{english}</span> : <span>{said}</span>
}
