/** How many items have which verdict: a row of big numbers, each of which leads to its items. */
import Box from '@cloudscape-design/components/box'
import type { Answer } from '../../../shared/contract/bridge.ts'
import { verdicts, type Verdict } from '../../../shared/domain/verification.ts'
import { useWords } from '../../language.tsx'
import { useFigures } from '../../parts/figures.ts'
import { Tone, VerdictWord } from '../../parts/Word.tsx'
import { verificationWords } from './verificationWords.ts'
import './verification.css'

/** Below it a percentage would be rounded up to something that is not true. */
const tiny = 0.001

type Props = { readonly of: Answer<'verification.summary'>; readonly onChoose: (verdict: Verdict) => void }

export function VerdictNumbers({ of: { counts, extras, inventory }, onChoose }: Props) {
  const t = useWords(verificationWords)
  const figures = useFigures()
  return (
    <Box>
      <ul className="verdict-numbers" aria-label={t.verdicts}>
        {verdicts.map((verdict) => {
          const items = verdict === 'extra' ? Math.max(extras, counts.extra) : counts[verdict]
          return (
            <li key={verdict}>
              <button type="button" onClick={() => onChoose(verdict)}>
                {items === 0 ? (
                  <Tone tone="later">
                    <span lang="en">{verdict}</span>
                  </Tone>
                ) : (
                  <VerdictWord of={verdict} />
                )}
                <span
                  className={`verdict-number ${items === 0 ? 'verdict-none' : ''} ${figures.count(items).length > 7 ? 'verdict-long' : ''}`}
                >
                  {figures.count(items)}
                </span>
                <Box variant="small" color="text-body-secondary">
                  {verdict === 'extra' || items === 0 || inventory.items === 0
                    ? '\u00a0'
                    : items / inventory.items < tiny
                      ? t.ofAllTiny
                      : t.ofAll(figures.percent(items / inventory.items))}
                </Box>
                <span className="firn-unseen">{t.showItems(verdict)}</span>
              </button>
            </li>
          )
        })}
      </ul>
    </Box>
  )
}
