/** Where one begins: rehearse, connect to AWS, or open a migration that this machine knows. */
import { useState } from 'react'
import { useWords } from '../language.tsx'
import { ScreenFrame } from '../parts/ScreenFrame.tsx'
import { Connect } from './start/Connect.tsx'
import { Doors } from './start/Doors.tsx'
import { Known } from './start/Known.tsx'
import { startHelp, startWords } from './start/startWords.ts'

export function Start() {
  const t = useWords(startWords)
  const [connecting, setConnecting] = useState(false)
  return (
    <ScreenFrame title={connecting ? t.connect : t.title} description={connecting ? t.connectLead : t.lead} help={startHelp}>
      {connecting ? (
        <Connect onClose={() => setConnecting(false)} />
      ) : (
        <>
          <Doors onConnect={() => setConnecting(true)} />
          <Known />
        </>
      )}
    </ScreenFrame>
  )
}
