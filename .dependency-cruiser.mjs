/** Imports run one way: downwards. Floors are data, from the ground up; the rules are made from them. */

/** Each floor may import itself and the floors before it. */
const floors = [
  ['shared/units'],
  ['shared/domain', 'shared/lifecycle', 'shared/faults'],
  ['shared/ports'],
  ['shared/flow', 'shared/contract'],
  ['main/inventory', 'main/plan', 'main/load', 'main/push', 'main/verify', 'main/evidence', 'main/posture'],
  ['main/files'],
  ['main/source', 'main/aws', 'main/journal', 'main/sandbox'],
  ['main/engine'],
  ['main/hosting'],
  ['main/console', 'main/wallboard', 'main/security', 'main/bridge', 'main/preload', 'main/app'],
  ['main/cli'],
]
const [stages, adapters] = [floors[4], floors[6]]
const at = (folders) => `^(${folders.join('|')})/`

const upward = floors.slice(0, -1).map((floor, level) => ({
  name: `floor-${level}-never-looks-up`,
  comment: `${floor.join(', ')}: imports run downwards only.`,
  severity: 'error',
  from: { path: at(floor) },
  to: { path: at([...floors.slice(level + 1).flat(), 'renderer']) },
}))

const alone = [...stages, ...adapters].map((folder) => ({
  name: `${folder.replace('/', '-')}-stands-alone`,
  comment: `${folder} imports shared/ only; main/engine/compose.ts is where it meets the others.`,
  severity: 'error',
  from: { path: `^${folder}/` },
  to: { path: at([...stages, ...adapters]), pathNot: `^${folder}/` },
}))

const more = [
  {
    name: 'shared-is-pure',
    comment: 'shared/ is the ground floor: pure TypeScript, and zod in contract/.',
    severity: 'error',
    from: { path: '^shared/' },
    to: { pathNot: ['^shared/', '^node_modules/zod/'] },
  },
  {
    name: 'stages-touch-no-platform',
    comment: 'A stage knows ports, not who is behind them.',
    severity: 'error',
    from: { path: at(stages) },
    to: { path: '^(node_modules/)?(electron|@aws-sdk|@smithy|aws-sdk)(/|$)' },
  },
  {
    name: 'electron-at-the-rim',
    comment: 'Electron is imported in security, bridge, preload and app only.',
    severity: 'error',
    from: { pathNot: '^main/(security|bridge|preload|app)/' },
    // Tests of the rim name its types.
    to: { path: '^(node_modules/)?electron(/|$)', dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'renderer-sees-shared-only',
    comment: 'A screen speaks to its host by shared/contract.',
    severity: 'error',
    from: { path: '^renderer/' },
    to: { path: '^(main|tests|bench|scripts)/' },
  },
  {
    name: 'product-knows-no-tests',
    comment: 'Product code imports neither tests nor measurements nor tools.',
    severity: 'error',
    from: { path: '^(shared|main|renderer)/' },
    to: { path: '^(tests|bench|scripts)/' },
  },
  {
    name: 'model-for-tests-only',
    comment: "aws-sdk 2 is here for AWS's own model of its services, which structural tests read.",
    severity: 'error',
    from: { pathNot: '^tests/' },
    to: { path: '^node_modules/aws-sdk/' },
  },
  { name: 'no-cycles', comment: 'A cycle has no bottom to start reading at.', severity: 'error', from: {}, to: { circular: true } },
  {
    name: 'no-orphans',
    comment: 'Nothing imports it and it imports nothing.',
    severity: 'error',
    from: { orphan: true, pathNot: ['\\.d\\.ts$', '^renderer/(wallboard/)?start\\.tsx$', '^[^/]+$'] },
    to: {},
  },
  { name: 'resolvable', comment: 'The file or package does not exist.', severity: 'error', from: {}, to: { couldNotResolve: true } },
  {
    name: 'product-uses-no-dev-packages',
    comment: 'It would be missing where Firn is installed.',
    severity: 'error',
    from: { path: '^(shared|main)/' },
    // Electron is what the packaged application runs in.
    to: {
      dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
      dependencyTypesNot: ['type-only'],
      pathNot: '^node_modules/electron/',
    },
  },
]

export default {
  forbidden: [...upward, ...alone, ...more],
  options: {
    tsPreCompilationDeps: true,
    detectJSDocImports: false,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(\\.tsbuild|dist|out|rehearsals)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json', '.d.ts', '.css'],
    },
  },
}
