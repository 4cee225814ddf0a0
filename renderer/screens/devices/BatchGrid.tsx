/** A small square for each batch, in order: hollow, half, full, ticked. Four paths, however many squares there are. */
import Box from '@cloudscape-design/components/box'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { Answer } from '../../../shared/contract/bridge.ts'
import { useWords } from '../../language.tsx'
import { useFigures } from '../../parts/figures.ts'
import { devicesWords } from './devicesWords.ts'

type Batches = Answer<'devices.detail'>['batches']

const letters = ['p', 'd', 's', 'w'] as const
type Letter = (typeof letters)[number]

const cell = 12
const side = 9
/** The more squares, the more of them side by side: the grid stays about as high. */
const columnsFor = (squares: number): number => (squares <= 240 ? 40 : squares <= 1200 ? 60 : 80)

/** One square's path, from its upper left corner. The shapes differ, so that they can be told apart without their colours. */
function shape(letter: Letter, x: number, y: number): string {
  const whole = `M${x} ${y}h${side}v${side}h-${side}z`
  switch (letter) {
    case 'w':
    case 'd':
    case 'p':
      return whole
    case 's':
      return `M${x} ${y}v${side}h${side}z`
  }
}

const tick = (x: number, y: number): string => `M${x + 2} ${y + 4.6}l2 2l3.2 -4`

export function BatchGrid({ of: batches }: { readonly of: Batches }) {
  const t = useWords(devicesWords)
  const figures = useFigures()
  if (batches.count === 0) return <Box color="text-body-secondary">{t.noBatches}</Box>
  const columns = Math.min(columnsFor(batches.letters.length), batches.letters.length)
  const rows = Math.ceil(batches.letters.length / columns)
  const paths: Record<Letter, string> = { w: '', s: '', d: '', p: '' }
  const counts: Record<Letter, number> = { w: 0, s: 0, d: 0, p: 0 }
  let ticks = ''
  for (const [at, found] of batches.letters.split('').entries()) {
    const letter = letters.find((one) => one === found) ?? 'w'
    const x = (at % columns) * cell + 1
    const y = Math.floor(at / columns) * cell + 1
    paths[letter] += shape(letter, x, y)
    counts[letter] += 1
    if (letter === 's') paths.w += shape('w', x, y)
    if (letter === 'p') ticks += tick(x, y)
  }
  const summary = t.batches(figures.count(batches.done), figures.count(batches.count))
  const split = letters.map((letter) => `${t.square[letter]} ${figures.count(counts[letter])}`).join(', ')
  const width = columns * cell + 1
  return (
    <SpaceBetween size="xs">
      <div>
        {summary}
        {batches.perLetter > 1 && <span className="firn-quiet"> · {t.perSquare(figures.count(batches.perLetter))}</span>}
      </div>
      <svg
        className="batch-grid"
        role="img"
        aria-label={`${summary}. ${split}`}
        viewBox={`0 0 ${width} ${rows * cell + 1}`}
        style={{ maxInlineSize: width * 1.15 }}
      >
        {letters.map((letter) => (
          <path key={letter} className={`batch-${letter}`} d={paths[letter]} />
        ))}
        <path className="batch-tick" d={ticks} />
      </svg>
      <ul className="batch-key" aria-hidden="true">
        {letters.map((letter) => (
          <li key={letter}>
            <svg viewBox="0 0 11 11" width="13" height="13">
              {letter === 's' && <path className="batch-w" d={shape('w', 1, 1)} />}
              <path className={`batch-${letter}`} d={shape(letter, 1, 1)} />
              {letter === 'p' && <path className="batch-tick" d={tick(1, 1)} />}
            </svg>
            {t.square[letter]} <span className="firn-quiet">{figures.count(counts[letter])}</span>
          </li>
        ))}
      </ul>
    </SpaceBetween>
  )
}
