/** Works, failures and limits: what runs, what waits, and how fast it may go. */
import type { Handlers } from '../../../shared/contract/bridge.ts'
import type { Engine } from './handling.ts'

type WorkNames =
  | 'works.start'
  | 'works.pause'
  | 'works.resume'
  | 'works.cancel'
  | 'works.move'
  | 'works.pauseAll'
  | 'works.resumeAll'
  | 'works.clear'
  | 'failures.retry'
  | 'limits.read'
  | 'limits.save'

export function workHandlers(engine: Engine): Handlers<WorkNames> {
  const works = () => engine.opened().works
  const done = {}
  return {
    'works.start': (work) => ({ workId: works().start(work) }),
    'works.pause'({ workId }) {
      works().pause(workId)
      return done
    },
    'works.resume'({ workId }) {
      works().resume(workId)
      return done
    },
    'works.cancel'({ workId }) {
      works().cancel(workId)
      return done
    },
    'works.move'({ workId, before }) {
      works().move(workId, before)
      return done
    },
    'works.pauseAll'() {
      works().pauseAll()
      return done
    },
    'works.resumeAll'() {
      works().resumeAll()
      return done
    },
    'works.clear'() {
      works().clear()
      return done
    },
    'failures.retry'({ codes }) {
      const { journal } = engine.opened().session.migration
      const items = journal.retryLeftBehind(codes)
      journal.append('failures-retried', { items })
      return { items }
    },
    'limits.read': () => works().limits(),
    'limits.save': (limits) => works().saveLimits(limits),
  }
}
