import { actions } from '../actions'
import { restoreInit } from '../backups'
import { setDependencies } from '../dependencies'
import { configFile } from '../fileModels/config'
import { setInterfaces } from '../interfaces'
import { sdk } from '../sdk'
import { versionGraph } from '../versions'

/** Writes the file that `facture serve` reads, with what it lacks. */
const writeConfig = sdk.setupOnInit(async (effects) => {
  await configFile.merge(effects, {})
})

export const init = sdk.setupInit(
  restoreInit,
  versionGraph,
  writeConfig,
  setInterfaces,
  setDependencies,
  actions,
)

export const uninit = sdk.setupUninit(versionGraph)
