/** The board itself: how far, how fast, when done, what is stuck. Three sizes of type, nothing to click, every state with a sign and a word. */
import type { WallboardFigures } from '../../shared/contract/wallboard.ts'
import type { Figures } from '../parts/figures.ts'
import { boardWords } from './boardWords.ts'
import { useWords } from '../language.tsx'
import { Strip } from './Strip.tsx'

type Shown = { readonly figures: WallboardFigures; readonly format: Figures; readonly now: number; readonly staleSince: number | undefined }

const modalitiesShown = 5

export function Board({ figures, format, now, staleSince }: Shown) {
  const say = useWords(boardWords)
  const ratio = figures.inventory.bytes === 0 ? 0 : figures.verified.bytes / figures.inventory.bytes
  const shade = staleSince === undefined ? figures.state : 'stale'
  return (
    <main className="board" data-state={shade} data-night={isNight(now)}>
      <header>
        <h1>{figures.title === '' ? 'Firn' : figures.title}</h1>
        {figures.rehearsal && <span className="badge">{say.rehearsal}</span>}
        <time>
          {format.day(now)} {format.clock(now)}
        </time>
      </header>
      <Banner figures={figures} format={format} staleSince={staleSince} />
      {figures.state !== 'none' && (
        <>
          <section
            className="whole"
            aria-label={say.verifiedOf(format.bytes(figures.verified.bytes), format.bytes(figures.inventory.bytes))}
          >
            <div className="bar" aria-hidden="true">
              <svg viewBox="0 0 1000 10" preserveAspectRatio="none">
                <rect className="ground" width="1000" height="10" />
                <rect className="filled" width={1000 * ratio} height="10" />
              </svg>
            </div>
            <p className="large">
              <strong>{format.percent(ratio)}</strong>
              <span>
                {figures.state === 'quiet' ? say.quiet : figures.eta === null ? say.unknownEta : say.done(format.range(figures.eta))}
              </span>
            </p>
            <p className="middle facts">
              <span>{say.verifiedOf(format.bytes(figures.verified.bytes), format.bytes(figures.inventory.bytes))}</span>
              <span className={figures.wrong > 0 ? 'bad' : ''}>
                {figures.wrong > 0 ? '✕ ' : ''}
                {say.wrong(figures.wrong, format.count(figures.wrong))}
              </span>
              <span className={figures.waitingForPerson > 0 ? 'person' : ''}>
                {figures.waitingForPerson > 0 ? '▲ ' : ''}
                {say.waiting(format.count(figures.waitingForPerson))}
              </span>
            </p>
          </section>
          <section className="lanes">
            <Lanes figures={figures} format={format} />
            <Modalities figures={figures} format={format} />
          </section>
          <footer>
            <Strip strip={figures.strip} format={format} label={say.throughput} />
            {figures.next !== null && (
              <p>
                {say.next}: {figures.next.deviceOrdinal === null ? '' : `${say.device(figures.next.deviceOrdinal)}, `}
                {nameOf(say.nextThings, figures.next.code)}
                {figures.next.at === null ? '' : ` (${format.day(figures.next.at.low)})`}
              </p>
            )}
          </footer>
        </>
      )}
      {location.protocol === 'http:' && <p className="plain">⚠ {say.plainHttp}</p>}
    </main>
  )
}

function Banner({ figures, format, staleSince }: Omit<Shown, 'now'>) {
  const say = useWords(boardWords)
  const since = figures.since ?? figures.at
  const [sign, title, why] =
    staleSince !== undefined
      ? ['⚠', say.stale(format.clock(staleSince)), say.staleWhy]
      : figures.state === 'broken'
        ? ['✕', say.broken(format.clock(since)), say.brokenWhy]
        : figures.state === 'quiet'
          ? ['✓', say.quiet, say.quietSince(format.day(since))]
          : figures.state === 'idle'
            ? ['‖', say.idle, '']
            : figures.state === 'none'
              ? ['○', say.none, '']
              : ['', '', '']
  if (title === '') return null
  return (
    <p className="banner middle" role="status">
      <span aria-hidden="true">{sign}</span> <strong>{title}</strong> <span className="why">{why}</span>
    </p>
  )
}

function Lanes({ figures, format }: { readonly figures: WallboardFigures; readonly format: Figures }) {
  const say = useWords(boardWords)
  const places = (['planned', 'onTheWay', 'onSite', 'loading', 'travellingBack', 'importing', 'imported', 'other'] as const).filter(
    (place) => figures.devices[place] > 0,
  )
  return (
    <dl className="middle">
      {figures.lanes
        .filter(({ planned }) => planned.items > 0)
        .map((lane) => (
          <div key={lane.route}>
            <dt>{{ device: say.devices, share: say.share, link: say.link }[lane.route]}</dt>
            <dd>
              {lane.route === 'device' && (
                <>{places.map((place) => `${format.count(figures.devices[place])} ${say[place]}`).join(' · ') || say.noDevices} · </>
              )}
              {lane.stalled ? (
                <span className="bad">✕ {say.stalled}</span>
              ) : lane.bytesPerSecond !== null && lane.bytesPerSecond > 0 ? (
                say.rate(format.rate(lane.bytesPerSecond))
              ) : lane.sent.items >= lane.planned.items ? (
                say.allSent
              ) : (
                say.resting
              )}
              {lane.route === 'share' && figures.toLand !== null && figures.toLand > 0 && (
                <> · {say.toLand(format.bytes(figures.toLand))}</>
              )}
            </dd>
          </div>
        ))}
    </dl>
  )
}

function Modalities({ figures, format }: { readonly figures: WallboardFigures; readonly format: Figures }) {
  const say = useWords(boardWords)
  const shown = figures.modalities.slice(0, modalitiesShown)
  const rest = figures.modalities.slice(modalitiesShown)
  const others = {
    modality: say.others,
    items: rest.reduce((sum, one) => sum + one.items, 0),
    verified: rest.reduce((sum, one) => sum + one.verified, 0),
  }
  return (
    <dl className="modalities" aria-label={say.modalities}>
      {[...shown, ...(rest.length > 0 ? [others] : [])].map(({ modality, items, verified }) => (
        <div key={modality}>
          <dt>{modality}</dt>
          <dd>{format.percent(items === 0 ? 0 : verified / items)}</dd>
        </div>
      ))}
    </dl>
  )
}

/** What this version has no words for goes by its own name. */
function nameOf(words: Readonly<Record<string, string>>, code: string): string {
  return words[code] ?? code
}

/** By the clock of the wall: at night the board is dimmed. */
function isNight(now: number): boolean {
  const hour = new Date(now).getHours()
  return hour >= 20 || hour < 6
}
