/** Snapshots: everything a person watches, whole, for whoever asks or listens. */
import type { MigrationSnapshot, Snapshot } from '../../../shared/contract/snapshot.ts'
import { routes, type Route } from '../../../shared/domain/route.ts'
import { minute, second } from '../../../shared/units/duration.ts'
import type { Session } from '../session.ts'
import { systemFault } from '../systemFault.ts'
import { systemClock } from '../world.ts'
import type { Works } from '../works/works.ts'
import { etaOf } from './eta.ts'
import { FiguresKeeper } from './figuresKeeper.ts'
import { JournalHealth } from './journalHealth.ts'
import { devicesOf, lanesAtWork, lanesOf, movedSince, noFigures, totalsOf } from './migrationSnapshot.ts'
import { evidenceSince, StandingReader, type Standing } from './standing.ts'
import { Throughput } from './throughput.ts'
import { needsOf, noNeeds, whatIsNext } from './whatIsNext.ts'

export type Snapshots = {
  latest(): Snapshot
  /** Tells whole snapshots, at most four a second and at least one in two seconds. Returns what ends it. */
  watch(tell: (snapshot: Snapshot) => void): () => void
  close(): void
}

export type EngineOfSnapshot = { readonly startedAt: number; readonly pid: number }

const looksEvery = 250
const heartbeat = 2 * second
/** Standing is read from the journal: rarely enough not to be felt. */
const standingLasts = second

/** Without a session: only that the engine lives. */
export function openSnapshots(engine: EngineOfSnapshot, session: Session | undefined, works: Works | undefined): Snapshots {
  const watchers = new Set<(snapshot: Snapshot) => void>()
  const part = session === undefined || works === undefined ? undefined : new MigrationPart(session, works)
  let toldText = ''
  let toldAt = Number.NEGATIVE_INFINITY
  let last: Snapshot | undefined
  const take = (): Snapshot => ({
    at: systemClock.now(),
    engine: { ...engine, memoryBytes: process.memoryUsage.rss() },
    migration: part?.read() ?? null,
  })
  const look = (): void => {
    part?.look()
    if (watchers.size === 0) return
    const now = systemClock.monotonic()
    last = take()
    // Whether anything but the time has changed decides between now and the next heartbeat.
    const text = JSON.stringify(last.migration)
    if (text === toldText && now - toldAt < heartbeat) return
    toldText = text
    toldAt = now
    for (const tell of watchers) tell(last)
  }
  const timer = setInterval(look, looksEvery)
  timer.unref()
  return {
    latest: take,
    watch(tell) {
      watchers.add(tell)
      tell(take())
      return () => watchers.delete(tell)
    },
    close() {
      clearInterval(timer)
      watchers.clear()
      part?.close()
    },
  }
}

/** What of a snapshot speaks of the migration that is open. */
class MigrationPart {
  readonly #named: Pick<MigrationSnapshot, 'id' | 'name' | 'kind'>
  readonly #session: Session
  readonly #works: Works
  readonly #figures: FiguresKeeper
  readonly #health: JournalHealth
  readonly #reader: StandingReader
  readonly #throughput: Throughput
  #standing: Standing
  #standingAt = Number.NEGATIVE_INFINITY
  #steps = ''
  #evidenceMade = false

  constructor(session: Session, works: Works) {
    const { journal, world, config } = session.migration
    const { id, name, kind } = journal.migration()
    this.#named = { id, name, kind }
    this.#session = session
    this.#works = works
    this.#figures = new FiguresKeeper(
      session.views,
      world,
      () => works.moved(),
      () => {
        this.#standingAt = Number.NEGATIVE_INFINITY
      },
    )
    this.#health = new JournalHealth(journal, world.clock)
    this.#reader = new StandingReader(journal)
    this.#throughput = new Throughput(config.rehearsal === undefined ? minute : second)
    this.#standing = this.#reader.read()
  }

  /** Whether somebody watches or not: strips have no gaps because a screen was closed. */
  look(): void {
    const works = this.#works.states()
    const { clock } = this.#session.migration.world
    this.#throughput.look(clock.now(), bytesOf(this.#works.moved()), lanesAtWork(works))
    // What has ended, or gone on to its next stage, has changed the figures for sure.
    const steps = works.map((work) => `${work.id} ${work.stage ?? ''} ${work.endedAt ?? ''}`).join()
    if (steps !== this.#steps) this.#figures.want()
    this.#steps = steps
    this.#figures.look()
    if (clock.monotonic() - this.#standingAt >= standingLasts) this.#readStanding(clock.monotonic())
  }

  read(): MigrationSnapshot {
    const { migration, wiring } = this.#session
    const { world, config } = migration
    const works = [...this.#works.states()]
    const now = world.clock.now()
    const counted = this.#figures.last
    const figures = counted?.figures ?? noFigures
    const since = movedSince(counted, this.#works.moved())
    const speed = config.rehearsal?.speed ?? 1
    const situation = { standing: this.#standing, figures, works, evidenceMade: this.#evidenceMade, now, speed }
    return {
      ...this.#named,
      awsAt: wiring.awsAt,
      journal: this.#health.look(works),
      awsReachedAt: wiring.reach.answeredAt ?? null,
      awsFault: wiring.reach.fault ?? null,
      pausedAll: this.#works.pausedAll(),
      totals: totalsOf(figures, since, counted?.at ?? now),
      verdicts: figures.verdicts,
      extras: figures.extras,
      byModality: figures.byModality.map((one) => ({ ...one })),
      lanes: lanesOf(figures, since, (route) => this.#works.limitOf(route), this.#throughput),
      devices: devicesOf(this.#standing, works),
      eta: etaOf({
        standing: this.#standing,
        lanes: figures.lanes,
        finished: figures.finishedAt !== null,
        strips: this.#strips(),
        now,
        speed,
      }),
      // Nothing is said of what comes next before anything was counted.
      next: counted === undefined ? [] : [...whatIsNext(situation)],
      needs: counted === undefined ? noNeeds : needsOf(situation),
      works: works.slice(0, mostWorks),
      finishedAt: figures.finishedAt,
    }
  }

  close(): void {
    this.#figures.close()
  }

  #readStanding(now: number): void {
    this.#standingAt = now
    try {
      this.#standing = this.#reader.read()
    } catch (error) {
      // A journal that cannot be read shows as failing; what was read last stays.
      this.#session.migration.world.log.warn('snapshot', systemFault(error).code)
    }
    const finishedAt = this.#figures.last?.figures.finishedAt ?? null
    this.#evidenceMade = finishedAt !== null && evidenceSince(this.#session.migration.files.evidence, finishedAt)
  }

  #strips(): Readonly<Record<Route, ReturnType<Throughput['stripOf']>>> {
    return { device: this.#throughput.stripOf('device'), share: this.#throughput.stripOf('share'), link: this.#throughput.stripOf('link') }
  }
}

/** As many as the contract lets a snapshot hold. */
const mostWorks = 100

function bytesOf(moved: ReturnType<Works['moved']>): Readonly<Record<Route, number>> {
  const bytes: Record<Route, number> = { device: 0, share: 0, link: 0 }
  for (const route of routes) bytes[route] = moved[route].bytes
  return bytes
}
