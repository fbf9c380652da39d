// Reads an adapter that PEFT saved and writes it as we do: `tsx write-adapter.ts BASE-FOLDER PEFT-FOLDER OUT-FOLDER`.
// The other half of check_peft_loads_ours.py.
import { encodeAdapter, readPeftFolder, writePeftFolder } from '../../services/engine/adapter/peft.ts'
import { openBase } from '../../services/engine/base/open-base.ts'

const [baseFolder, source, target] = process.argv.slice(2)
if (!baseFolder || !source || !target) throw new Error('usage: write-adapter.ts BASE-FOLDER PEFT-FOLDER OUT-FOLDER')
const base = await openBase(baseFolder)
writePeftFolder(target, encodeAdapter(readPeftFolder(source, base.config), base))
base.close()
