/** The wallboard's page: begins it on a screen of the LAN. */
import './board.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import type { Language } from '../../shared/contract/settings.ts'
import { InLanguage, systemLanguage, useLanguage, useWords } from '../language.tsx'
import { figuresFor } from '../parts/figures.ts'
import { Board } from './Board.tsx'
import { boardWords } from './boardWords.ts'
import { useFeed } from './feed.ts'
import { Unpaired } from './Unpaired.tsx'

function Page() {
  const feed = useFeed()
  const say = useWords(boardWords)
  const format = figuresFor(useLanguage())
  if (feed.at === 'unpaired') return <Unpaired />
  if (feed.at === 'connecting') {
    return (
      <main className="board" data-state="none">
        <p className="banner middle" role="status">
          {say.connecting}
        </p>
      </main>
    )
  }
  return <Board figures={feed.figures} format={format} now={feed.now} staleSince={feed.staleSince} />
}

/** `?lang=de` for a screen whose browser prefers another language. */
function language(): Language {
  const asked = new URLSearchParams(location.search).get('lang')
  return asked === 'de' || asked === 'en' ? asked : systemLanguage()
}

const board = document.getElementById('board')
if (board !== null) {
  document.documentElement.lang = language()
  createRoot(board).render(
    <StrictMode>
      <InLanguage language={language()}>
        <Page />
      </InLanguage>
    </StrictMode>,
  )
}
