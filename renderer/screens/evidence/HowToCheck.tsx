/** How anybody can check a bundle with the tools of an operating system: no Firn needed. */
import Box from '@cloudscape-design/components/box'
import ExpandableSection from '@cloudscape-design/components/expandable-section'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useWords } from '../../language.tsx'
import { evidenceWords } from './evidenceWords.ts'
import './evidence.css'

const program = 'node verify-evidence.mjs --fingerprint KEY'
const signature =
  'openssl pkeyutl -verify -pubin -inkey signing-key.pem -rawin -in tagmanifest-sha256.txt -sigfile tagmanifest-sha256.txt.sig'
const linux = 'sha256sum -c tagmanifest-sha256.txt manifest-sha256.txt'
const mac = 'shasum -a 256 -c tagmanifest-sha256.txt manifest-sha256.txt'
const windows =
  "Get-Content tagmanifest-sha256.txt, manifest-sha256.txt | ForEach-Object { $hash, $name = $_ -split '  ', 2; if ((Get-FileHash $name).Hash -ne $hash) { $name } }"
const object = 'aws s3api head-object --bucket BUCKET --key KEY --version-id VERSION --checksum-mode ENABLED'

export function HowToCheck() {
  const t = useWords(evidenceWords)
  return (
    <ExpandableSection variant="container" headerText={t.how}>
      <SpaceBetween size="s">
        <div>{t.howOpen}</div>
        <Command means={t.howProgram} line={program} />
        <Command means={t.howSignature} line={signature} />
        <Command means={t.howLinux} line={linux} />
        <Command means={t.howMac} line={mac} />
        <Command means={t.howWindows} line={windows} />
        <Command means={t.howObject} line={object} />
        <div>{t.howSource}</div>
        <Box color="text-body-secondary">{t.howLater}</Box>
      </SpaceBetween>
    </ExpandableSection>
  )
}

function Command({ means, line }: { readonly means: string; readonly line: string }) {
  return (
    <div>
      <div>{means}</div>
      <Box variant="code">
        <span className="command-line">{line}</span>
      </Box>
    </div>
  )
}
