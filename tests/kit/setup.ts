/** Every property test runs from the same seed unless FIRN_SEED says otherwise; fast-check prints seed and path of what fails. */
import fc from 'fast-check'

const standing = 20_261_124
const asked = process.env['FIRN_SEED']
const seed = asked === undefined || asked === '' ? standing : Number(asked)
if (!Number.isInteger(seed)) throw new Error(`FIRN_SEED is not a whole number: ${asked ?? ''}`)

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed })
